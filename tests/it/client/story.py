"""A referral from beginning to end by a client that a public generator has made from openapi.json, knowing nothing else.

Usage: story.py ADDRESS FOLDER_OF_THE_CLIENT NATIONAL_ID BORN_ON
"""

import datetime
import sys
import time
import uuid

address, folder, national_id, born_on = sys.argv[1:5]
sys.path.insert(0, folder)

from rettbolig_client import AuthenticatedClient, Client  # noqa: E402
from rettbolig_client.api.applications import get_applications_one  # noqa: E402
from rettbolig_client.api.auth import post_auth_login  # noqa: E402
from rettbolig_client.api.nav import (  # noqa: E402
    get_nav_events,
    get_nav_referrals_one,
    get_nav_referrals_one_content,
    post_nav_referrals,
    post_nav_referrals_one_accept,
)
from rettbolig_client.models import (  # noqa: E402
    AcceptReferral,
    LogIn,
    ReferralBasis,
    ReferredPerson,
    ReferredSituation,
    ReferrerContact,
    SendReferral,
    SituationReason,
    Urgency,
)


def signed_in(username):
    answer = post_auth_login.sync(
        client=Client(base_url=address),
        body=LogIn(username=username, password="correct horse battery staple"),
    )
    return AuthenticatedClient(base_url=address, token=answer.access_token)


def key():
    return str(uuid.uuid4())


nav = signed_in("nav_advisor1@stjordal.example")
kari = signed_in("caseworker1@stjordal.example")

referral = SendReferral(
    reference="CLIENT-1",
    person=ReferredPerson(
        national_id=national_id,
        given_name="Prøve",
        family_name="Henvist",
        born_on=datetime.date.fromisoformat(born_on),
    ),
    situation=ReferredSituation(
        reason=SituationReason.SLEEPING_OUT, since=datetime.date(2026, 2, 1)
    ),
    urgency=Urgency.ACUTE,
    legal_basis=ReferralBasis.SOCIAL_SERVICES_ACT,
    contact=ReferrerContact(name="NAV Værnes", phone="550 00 000"),
)
sent = post_nav_referrals.sync_detailed(client=nav, body=referral, idempotency_key=key())
assert sent.status_code == 201, sent
again = post_nav_referrals.sync_detailed(client=nav, body=referral, idempotency_key=key())
assert again.parsed.id == sent.parsed.id, "sent again it is another referral"

content = get_nav_referrals_one_content.sync(sent.parsed.id, client=kari)
assert content.content.person.national_id.endswith("*****"), "the whole number is shown"
accepted = post_nav_referrals_one_accept.sync_detailed(
    sent.parsed.id, client=kari, body=AcceptReferral(), if_match=f'"{content.version}"'
)
assert accepted.status_code == 200, accepted
case = get_applications_one.sync(accepted.parsed.application_id, client=kari)
assert case.type_ == "REFERRAL_FROM_SERVICE", case.type_

status = get_nav_referrals_one.sync(sent.parsed.id, client=nav)
assert (status.state, status.progress) == ("ACCEPTED", "IN_PROGRESS"), status

cursor, types = None, []
for _ in range(100):
    page = get_nav_events.sync(client=nav, **({} if cursor is None else {"cursor": cursor}))
    types += [event.type_ for event in page.items]
    cursor = page.next_cursor
    if "no.rettbolig.referral.accepted.v1" in types:
        break
    # An event gets its place a moment after its commit.
    time.sleep(0.1)
assert "no.rettbolig.referral.received.v1" in types, types
print("told")
