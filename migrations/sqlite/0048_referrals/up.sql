-- Referrals ("henvisninger"): what NAV sends to the allocation team before anybody has looked at it.

-- What is said of people is sealed under a key of the referral's own: it is known of nobody yet whether the municipality knows them.
CREATE TABLE referral (
    municipality_id BLOB NOT NULL
        CONSTRAINT referral_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT referral_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT referral_state_code CHECK (state IN ('RECEIVED', 'ACCEPTED', 'RETURNED', 'WITHDRAWN')),
    reference TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    person_index BLOB NOT NULL,
    legal_basis TEXT NOT NULL
        CONSTRAINT referral_legal_basis_code CHECK (legal_basis IN ('CONSENT', 'SOCIAL_SERVICES_ACT', 'NECESSITY')),
    consent_until TEXT
        CONSTRAINT referral_consent_until_date CHECK (date(consent_until) IS consent_until),
    urgency TEXT NOT NULL
        CONSTRAINT referral_urgency_code CHECK (urgency IN ('ACUTE', 'HIGH', 'NORMAL')),
    sealed_key TEXT NOT NULL,
    sealed TEXT NOT NULL,
    received_at TEXT NOT NULL
        CONSTRAINT referral_received_at_time CHECK (received_at GLOB '????-??-??T??:??:??.??????Z'),
    concluded_at TEXT
        CONSTRAINT referral_concluded_at_time CHECK (concluded_at GLOB '????-??-??T??:??:??.??????Z'),
    return_reason TEXT
        CONSTRAINT referral_return_reason_code CHECK (return_reason IN ('OTHER_MUNICIPALITY', 'NOT_ABOUT_HOUSING', 'INFORMATION_MISSING', 'NO_LEGAL_BASIS', 'SENT_TWICE')),
    application_id BLOB
        CONSTRAINT referral_application_id_uuid CHECK (length(application_id) = 16),
    CONSTRAINT referral_returned_with_reason CHECK ((state = 'RETURNED') = (return_reason IS NOT NULL)),
    CONSTRAINT referral_accepted_as_case CHECK ((state = 'ACCEPTED') = (application_id IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX referral_reference ON referral (municipality_id, reference);
CREATE INDEX referral_by_state ON referral (municipality_id, state, id);
CREATE INDEX referral_by_person ON referral (municipality_id, person_index);

-- A case is looked up by whom it is about.
CREATE INDEX application_by_applicant ON application (municipality_id, applicant_id);
