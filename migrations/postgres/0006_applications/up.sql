-- Cases.

-- An application, the case itself ("søknad").
CREATE TABLE application (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    household_id uuid NOT NULL,
    applicant_id uuid NOT NULL,
    type text NOT NULL
        CONSTRAINT application_type_code CHECK (type IN ('NEW', 'TRANSFER', 'RENEWAL', 'REPLACEMENT', 'REFUGEE_SETTLEMENT', 'REFERRAL_FROM_SERVICE', 'ASSISTANCE_ONLY')),
    state text NOT NULL
        CONSTRAINT application_state_code CHECK (state IN ('SUBMITTED', 'ASSIGNED', 'INCOMPLETE', 'IN_ASSESSMENT', 'TEAM_REVIEW', 'WAITING', 'OFFERED', 'HOUSED', 'REFUSED', 'WITHDRAWN', 'FORWARDED')),
    state_since timestamptz NOT NULL,
    received_on date NOT NULL,
    lives_in_municipal_dwelling boolean NOT NULL,
    assigned_to uuid,
    urgency text
        CONSTRAINT application_urgency_code CHECK (urgency IN ('ACUTE', 'HIGH', 'NORMAL')),
    needs jsonb,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, applicant_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, assigned_to) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX application_one_open ON application (municipality_id, household_id)
    WHERE state IN ('SUBMITTED', 'ASSIGNED', 'INCOMPLETE', 'IN_ASSESSMENT', 'TEAM_REVIEW', 'WAITING', 'OFFERED');
CREATE INDEX application_by_state ON application (municipality_id, state, id);
CREATE INDEX application_by_assignee ON application (municipality_id, assigned_to, id)
    WHERE assigned_to IS NOT NULL;
SELECT rettbolig_isolate('application');
GRANT SELECT, INSERT, UPDATE, DELETE ON application TO rettbolig_app;
