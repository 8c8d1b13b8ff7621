-- Proposals and decisions, each with its whole basis.

-- An administrative decision ("enkeltvedtak"), from proposal ("innstilling") on. Reasons are sealed under the applicant's key.
CREATE TABLE decision (
    municipality_id BLOB NOT NULL
        CONSTRAINT decision_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT decision_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    application_id BLOB NOT NULL
        CONSTRAINT decision_application_id_uuid CHECK (length(application_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT decision_household_id_uuid CHECK (length(household_id) = 16),
    dwelling_id BLOB
        CONSTRAINT decision_dwelling_id_uuid CHECK (dwelling_id IS NULL OR length(dwelling_id) = 16),
    outcome TEXT NOT NULL
        CONSTRAINT decision_outcome_code CHECK (outcome IN ('GRANTED', 'REFUSED')),
    legal_basis TEXT NOT NULL
        CONSTRAINT decision_legal_basis_code CHECK (legal_basis IN ('MUNICIPAL_DWELLING')),
    state TEXT NOT NULL
        CONSTRAINT decision_state_code CHECK (state IN ('PROPOSED', 'APPROVED', 'RETURNED')),
    sealed_reasons TEXT NOT NULL,
    basis TEXT NOT NULL
        CONSTRAINT decision_basis_json CHECK (json_valid(basis)),
    rule_set_id BLOB NOT NULL
        CONSTRAINT decision_rule_set_id_uuid CHECK (length(rule_set_id) = 16),
    lease_months INTEGER,
    proposed_by BLOB NOT NULL
        CONSTRAINT decision_proposed_by_uuid CHECK (length(proposed_by) = 16),
    proposed_at TEXT NOT NULL
        CONSTRAINT decision_proposed_at_time CHECK (proposed_at GLOB '????-??-??T??:??:??.??????Z'),
    decided_by BLOB
        CONSTRAINT decision_decided_by_uuid CHECK (decided_by IS NULL OR length(decided_by) = 16),
    decided_at TEXT
        CONSTRAINT decision_decided_at_time CHECK (decided_at IS NULL OR decided_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT decision_four_eyes CHECK (state <> 'APPROVED' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)),
    CONSTRAINT decision_decided CHECK ((state = 'PROPOSED') = (decided_by IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id),
    FOREIGN KEY (municipality_id, proposed_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, decided_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX decision_one_proposal_per_application ON decision (municipality_id, application_id)
    WHERE state = 'PROPOSED';
CREATE UNIQUE INDEX decision_one_proposal_per_dwelling ON decision (municipality_id, dwelling_id)
    WHERE state = 'PROPOSED';
CREATE INDEX decision_by_application ON decision (municipality_id, application_id);
