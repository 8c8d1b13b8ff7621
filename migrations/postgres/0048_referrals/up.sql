-- Referrals ("henvisninger"): what NAV sends to the allocation team before anybody has looked at it.

-- What is said of people is sealed under a key of the referral's own: it is known of nobody yet whether the municipality knows them.
CREATE TABLE referral (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL
        CONSTRAINT referral_state_code CHECK (state IN ('RECEIVED', 'ACCEPTED', 'RETURNED', 'WITHDRAWN')),
    reference text NOT NULL,
    fingerprint bytea NOT NULL,
    person_index bytea NOT NULL,
    legal_basis text NOT NULL
        CONSTRAINT referral_legal_basis_code CHECK (legal_basis IN ('CONSENT', 'SOCIAL_SERVICES_ACT', 'NECESSITY')),
    consent_until date,
    urgency text NOT NULL
        CONSTRAINT referral_urgency_code CHECK (urgency IN ('ACUTE', 'HIGH', 'NORMAL')),
    sealed_key text NOT NULL,
    sealed text NOT NULL,
    received_at timestamptz NOT NULL,
    concluded_at timestamptz,
    return_reason text
        CONSTRAINT referral_return_reason_code CHECK (return_reason IN ('OTHER_MUNICIPALITY', 'NOT_ABOUT_HOUSING', 'INFORMATION_MISSING', 'NO_LEGAL_BASIS', 'SENT_TWICE')),
    application_id uuid,
    CONSTRAINT referral_returned_with_reason CHECK ((state = 'RETURNED') = (return_reason IS NOT NULL)),
    CONSTRAINT referral_accepted_as_case CHECK ((state = 'ACCEPTED') = (application_id IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id)
);
CREATE UNIQUE INDEX referral_reference ON referral (municipality_id, reference);
CREATE INDEX referral_by_state ON referral (municipality_id, state, id);
CREATE INDEX referral_by_person ON referral (municipality_id, person_index);
SELECT rettbolig_isolate('referral');
GRANT SELECT, INSERT, UPDATE ON referral TO rettbolig_app;

-- A case is looked up by whom it is about.
CREATE INDEX application_by_applicant ON application (municipality_id, applicant_id);
