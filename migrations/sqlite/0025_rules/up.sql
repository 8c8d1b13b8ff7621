-- Rules are proposed by one person and approved by another; what is known of households, and exceptions that were assessed.

ALTER TABLE rule_set ADD COLUMN state TEXT NOT NULL DEFAULT 'APPROVED'
    CONSTRAINT rule_set_state_code CHECK (state IN ('PROPOSED', 'APPROVED', 'REJECTED'));
-- Nobody where the installation adopted the rules.
ALTER TABLE rule_set ADD COLUMN proposed_by BLOB
    CONSTRAINT rule_set_proposed_by_uuid CHECK (proposed_by IS NULL OR length(proposed_by) = 16);
ALTER TABLE rule_set ADD COLUMN decided_by BLOB
    CONSTRAINT rule_set_decided_by_uuid CHECK (decided_by IS NULL OR length(decided_by) = 16);
ALTER TABLE rule_set ADD COLUMN decided_at TEXT
    CONSTRAINT rule_set_decided_at_time CHECK (decided_at IS NULL OR decided_at GLOB '????-??-??T??:??:??.??????Z');
ALTER TABLE rule_set ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE rule_set ADD CONSTRAINT rule_set_four_eyes
    CHECK (state <> 'APPROVED' OR proposed_by IS NULL OR (decided_by IS NOT NULL AND decided_by <> proposed_by));

-- What is known of a household's economy, residence and stay ("opplysninger"), sealed under the applicant's key.
CREATE TABLE circumstance (
    municipality_id BLOB NOT NULL
        CONSTRAINT circumstance_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT circumstance_application_id_uuid CHECK (length(application_id) = 16),
    version INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    recorded_by BLOB
        CONSTRAINT circumstance_recorded_by_uuid CHECK (recorded_by IS NULL OR length(recorded_by) = 16),
    recorded_at TEXT NOT NULL
        CONSTRAINT circumstance_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id)
) STRICT, WITHOUT ROWID;

-- That an exception from a criterion which holds normally was assessed ("unntaksvurdering").
CREATE TABLE exception_assessment (
    municipality_id BLOB NOT NULL
        CONSTRAINT exception_assessment_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT exception_assessment_id_uuid CHECK (length(id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT exception_assessment_application_id_uuid CHECK (length(application_id) = 16),
    criterion TEXT NOT NULL,
    rule_set_id BLOB NOT NULL
        CONSTRAINT exception_assessment_rule_set_id_uuid CHECK (length(rule_set_id) = 16),
    conclusion TEXT NOT NULL
        CONSTRAINT exception_assessment_conclusion_code CHECK (conclusion IN ('STANDS', 'SET_ASIDE')),
    sealed_why TEXT NOT NULL,
    assessed_by BLOB NOT NULL
        CONSTRAINT exception_assessment_assessed_by_uuid CHECK (length(assessed_by) = 16),
    assessed_at TEXT NOT NULL
        CONSTRAINT exception_assessment_assessed_at_time CHECK (assessed_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id),
    FOREIGN KEY (municipality_id, assessed_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE INDEX exception_assessment_by_application ON exception_assessment (municipality_id, application_id);
