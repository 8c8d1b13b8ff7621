-- Rules are proposed by one person and approved by another; what is known of households, and exceptions that were assessed.

ALTER TABLE rule_set ADD COLUMN state text NOT NULL DEFAULT 'APPROVED'
    CONSTRAINT rule_set_state_code CHECK (state IN ('PROPOSED', 'APPROVED', 'REJECTED'));
-- Nobody where the installation adopted the rules.
ALTER TABLE rule_set ADD COLUMN proposed_by uuid;
ALTER TABLE rule_set ADD COLUMN decided_by uuid;
ALTER TABLE rule_set ADD COLUMN decided_at timestamptz;
ALTER TABLE rule_set ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE rule_set ADD CONSTRAINT rule_set_four_eyes
    CHECK (state <> 'APPROVED' OR proposed_by IS NULL OR (decided_by IS NOT NULL AND decided_by <> proposed_by));

-- What is known of a household's economy, residence and stay ("opplysninger"), sealed under the applicant's key.
CREATE TABLE circumstance (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    version integer NOT NULL,
    sealed text NOT NULL,
    recorded_by uuid,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id)
);
SELECT rettbolig_isolate('circumstance');
GRANT SELECT, INSERT, UPDATE, DELETE ON circumstance TO rettbolig_app;

-- That an exception from a criterion which holds normally was assessed ("unntaksvurdering").
CREATE TABLE exception_assessment (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    criterion text NOT NULL,
    rule_set_id uuid NOT NULL,
    conclusion text NOT NULL
        CONSTRAINT exception_assessment_conclusion_code CHECK (conclusion IN ('STANDS', 'SET_ASIDE')),
    sealed_why text NOT NULL,
    assessed_by uuid NOT NULL,
    assessed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id),
    FOREIGN KEY (municipality_id, assessed_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX exception_assessment_by_application ON exception_assessment (municipality_id, application_id);
SELECT rettbolig_isolate('exception_assessment');
GRANT SELECT, INSERT, UPDATE, DELETE ON exception_assessment TO rettbolig_app;
