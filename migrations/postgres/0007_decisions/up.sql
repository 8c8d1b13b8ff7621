-- Proposals and decisions, each with its whole basis.

-- An administrative decision ("enkeltvedtak"), from proposal ("innstilling") on. Reasons are sealed under the applicant's key.
CREATE TABLE decision (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    application_id uuid NOT NULL,
    household_id uuid NOT NULL,
    dwelling_id uuid,
    outcome text NOT NULL
        CONSTRAINT decision_outcome_code CHECK (outcome IN ('GRANTED', 'REFUSED')),
    legal_basis text NOT NULL
        CONSTRAINT decision_legal_basis_code CHECK (legal_basis IN ('MUNICIPAL_DWELLING')),
    state text NOT NULL
        CONSTRAINT decision_state_code CHECK (state IN ('PROPOSED', 'APPROVED', 'RETURNED')),
    sealed_reasons text NOT NULL,
    basis jsonb NOT NULL,
    rule_set_id uuid NOT NULL,
    lease_months smallint,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    CONSTRAINT decision_four_eyes CHECK (state <> 'APPROVED' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)),
    CONSTRAINT decision_decided CHECK ((state = 'PROPOSED') = (decided_by IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id),
    FOREIGN KEY (municipality_id, proposed_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, decided_by) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX decision_one_proposal_per_application ON decision (municipality_id, application_id)
    WHERE state = 'PROPOSED';
CREATE UNIQUE INDEX decision_one_proposal_per_dwelling ON decision (municipality_id, dwelling_id)
    WHERE state = 'PROPOSED';
CREATE INDEX decision_by_application ON decision (municipality_id, application_id);
SELECT rettbolig_isolate('decision');
GRANT SELECT, INSERT, UPDATE, DELETE ON decision TO rettbolig_app;
