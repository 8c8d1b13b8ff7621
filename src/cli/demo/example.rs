//! The worked example that the demonstration prints: the main job in a few calls, ready to be pasted into a shell.

use crate::ids::DwellingId;

const SCRIPT: &str = r#"The main job, to be pasted into a shell as it stands:

  API=http://{address}/api/v1
  field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }
  login() { curl -s $API/auth/login -H 'Content-Type: application/json' \
    -d "{\"username\":\"$1\",\"password\":\"{password}\"$2}" | field accessToken; }
  code() { echo ",\"code\":\"$({program} code {secret})\""; }   # who decides or audits shows a code too, good once
  CASEWORKER=$(login caseworker); DECIDER=$(login decision-maker "$(code)"); AUDITOR=$(login auditor "$(code)")

  # 1. The queue, and a vacant home: who may have it, in which order, and why
  curl -s "$API/applications?state=WAITING&limit=5" -H "Authorization: Bearer $CASEWORKER"; echo
  HOME_ID={home}
  curl -s "$API/dwellings/$HOME_ID/candidates?limit=1" -H "Authorization: Bearer $CASEWORKER" | tee fits.json; echo
  CASE=$(sed -n 's/.*"candidates":\[{[^}]*"applicationId":"\([^"]*\)".*/\1/p' fits.json)

  # 2. One person proposes …
  DECISION=$(curl -s $API/applications/$CASE/decisions -H "Authorization: Bearer $CASEWORKER" \
    -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s%N)" -d '{"outcome":"GRANTED","dwellingId":"'$HOME_ID'",
      "reasons":{"rules":["Kommunens regler § 3"],"facts":"Uten egnet bolig.","considerations":"Boligen passer behovet.",
      "childsBestInterest":"Vurdert."}}' | sed -n 's/^{"id":"\([^"]*\)".*/\1/p'); echo "decision $DECISION"

  # 3. … and another decides: the home is allocated and offered
  OFFER=$(curl -s $API/decisions/$DECISION/approve -H "Authorization: Bearer $DECIDER" -X POST \
    -H 'If-Match: "1"' -H "Idempotency-Key: $(date +%s%N)" | field offerId); echo "offer $OFFER"

  # 4. The household takes the home: the tenancy begins
  curl -s $API/offers/$OFFER/accept -H "Authorization: Bearer $CASEWORKER" -H 'Content-Type: application/json' \
    -H 'If-Match: "1"' -H "Idempotency-Key: $(date +%s%N)" -d "{\"startsOn\":\"$(date +%F)\"}"; echo

  # 5. And an auditor reads how it came about, entry by entry, each with the hash of the one before
  curl -s $API/applications/$CASE/history -H "Authorization: Bearer $AUDITOR"; echo

Stop with Ctrl-C: everything is thrown away."#;

/// The script for a service at this address.
pub(super) fn script(address: &str, password: &str, secret: &str, homes: &[DwellingId]) -> String {
    let home = homes.first().map(ToString::to_string).unwrap_or_default();
    SCRIPT
        .replace("{address}", address)
        .replace("{password}", password)
        .replace("{secret}", secret)
        .replace("{program}", &program())
        .replace("{home}", &home)
}

/// This program, as a shell finds it.
fn program() -> String {
    let own = std::env::current_exe().ok();
    own.map_or_else(|| "rettbolig".to_owned(), |path| path.display().to_string())
}
