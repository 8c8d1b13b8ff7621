-- Appeals, and what is handed over with them.

-- An appeal against a decision ("klage").
CREATE TABLE appeal (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    application_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    appellant_id uuid NOT NULL,
    state text NOT NULL
        CONSTRAINT appeal_state_code CHECK (state IN ('RECEIVED', 'ADMISSIBILITY', 'FIRST_INSTANCE_REVIEW', 'REVERSED', 'FORWARDED', 'UNDER_APPEAL_BODY', 'UPHELD', 'CHANGED', 'RETURNED', 'DISMISSED', 'WITHDRAWN', 'CLOSED')),
    body text NOT NULL
        CONSTRAINT appeal_body_code CHECK (body IN ('COUNTY_GOVERNOR', 'MUNICIPAL_APPEALS_BOARD')),
    form text NOT NULL
        CONSTRAINT appeal_form_code CHECK (form IN ('LETTER', 'DIGITAL', 'ORAL_RECORDED')),
    sent_on date NOT NULL,
    received_on date NOT NULL,
    first_proposer uuid NOT NULL,
    first_decider uuid NOT NULL,
    received_by uuid NOT NULL,
    received_at timestamptz NOT NULL,
    in_time boolean,
    late_ground text
        CONSTRAINT appeal_late_ground_code CHECK (late_ground IN ('EXCUSABLE', 'SPECIAL_REASONS')),
    checked_by uuid,
    reviewed_by uuid,
    reviewed_at timestamptz,
    new_decision_id uuid,
    package_sha256 bytea,
    forwarded_at timestamptz,
    outcome text
        CONSTRAINT appeal_outcome_code CHECK (outcome IN ('UPHELD', 'CHANGED', 'RETURNED')),
    raised_to text,
    concluded_by uuid,
    concluded_at timestamptz,
    sealed text NOT NULL,
    CONSTRAINT appeal_first_instance_reviews_not CHECK (reviewed_by IS NULL OR (reviewed_by <> first_proposer AND reviewed_by <> first_decider)),
    CONSTRAINT appeal_first_instance_concludes_not CHECK (concluded_by IS NULL OR (concluded_by <> first_proposer AND concluded_by <> first_decider AND concluded_by <> reviewed_by)),
    CONSTRAINT appeal_sent_then_received CHECK (sent_on <= received_on),
    CONSTRAINT appeal_concluded CHECK ((outcome IS NULL) = (concluded_at IS NULL)),
    CONSTRAINT appeal_raised CHECK (raised_to IS NULL OR outcome = 'CHANGED'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id),
    FOREIGN KEY (municipality_id, appellant_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, first_proposer) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, first_decider) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, received_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, checked_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, reviewed_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, concluded_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, new_decision_id) REFERENCES decision (municipality_id, id)
);
CREATE UNIQUE INDEX appeal_one_open ON appeal (municipality_id, decision_id)
    WHERE state <> 'CLOSED' AND state <> 'WITHDRAWN' AND state <> 'DISMISSED';
CREATE INDEX appeal_by_application ON appeal (municipality_id, application_id);
SELECT rettbolig_isolate('appeal');
GRANT SELECT, INSERT, UPDATE, DELETE ON appeal TO rettbolig_app;

-- What is handed over to the body of appeal, in canonical JSON without names: made once and never changed.
CREATE TABLE appeal_package (
    municipality_id uuid NOT NULL,
    appeal_id uuid NOT NULL,
    body text NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, appeal_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('appeal_package');
GRANT SELECT, INSERT ON appeal_package TO rettbolig_app;
CREATE TRIGGER appeal_package_append_only BEFORE UPDATE OR DELETE ON appeal_package
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER appeal_package_no_truncate BEFORE TRUNCATE ON appeal_package
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
