-- Cases.

-- An application, the case itself ("søknad").
CREATE TABLE application (
    municipality_id BLOB NOT NULL
        CONSTRAINT application_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT application_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    household_id BLOB NOT NULL
        CONSTRAINT application_household_id_uuid CHECK (length(household_id) = 16),
    applicant_id BLOB NOT NULL
        CONSTRAINT application_applicant_id_uuid CHECK (length(applicant_id) = 16),
    type TEXT NOT NULL
        CONSTRAINT application_type_code CHECK (type IN ('NEW', 'TRANSFER', 'RENEWAL', 'REPLACEMENT', 'REFUGEE_SETTLEMENT', 'REFERRAL_FROM_SERVICE', 'ASSISTANCE_ONLY')),
    state TEXT NOT NULL
        CONSTRAINT application_state_code CHECK (state IN ('SUBMITTED', 'ASSIGNED', 'INCOMPLETE', 'IN_ASSESSMENT', 'TEAM_REVIEW', 'WAITING', 'OFFERED', 'HOUSED', 'REFUSED', 'WITHDRAWN', 'FORWARDED')),
    state_since TEXT NOT NULL
        CONSTRAINT application_state_since_time CHECK (state_since GLOB '????-??-??T??:??:??.??????Z'),
    received_on TEXT NOT NULL
        CONSTRAINT application_received_on_date CHECK (date(received_on) IS received_on),
    lives_in_municipal_dwelling INTEGER NOT NULL
        CONSTRAINT application_lives_in_municipal_dwelling_bool CHECK (lives_in_municipal_dwelling IN (0, 1)),
    assigned_to BLOB
        CONSTRAINT application_assigned_to_uuid CHECK (assigned_to IS NULL OR length(assigned_to) = 16),
    urgency TEXT
        CONSTRAINT application_urgency_code CHECK (urgency IN ('ACUTE', 'HIGH', 'NORMAL')),
    needs TEXT
        CONSTRAINT application_needs_json CHECK (needs IS NULL OR json_valid(needs)),
    created_at TEXT NOT NULL
        CONSTRAINT application_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, applicant_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, assigned_to) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX application_one_open ON application (municipality_id, household_id)
    WHERE state IN ('SUBMITTED', 'ASSIGNED', 'INCOMPLETE', 'IN_ASSESSMENT', 'TEAM_REVIEW', 'WAITING', 'OFFERED');
CREATE INDEX application_by_state ON application (municipality_id, state, id);
CREATE INDEX application_by_assignee ON application (municipality_id, assigned_to, id)
    WHERE assigned_to IS NOT NULL;
