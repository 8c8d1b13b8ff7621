-- Appeals, and what is handed over with them.

-- An appeal against a decision ("klage").
CREATE TABLE appeal (
    municipality_id BLOB NOT NULL
        CONSTRAINT appeal_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT appeal_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    application_id BLOB NOT NULL
        CONSTRAINT appeal_application_id_uuid CHECK (length(application_id) = 16),
    decision_id BLOB NOT NULL
        CONSTRAINT appeal_decision_id_uuid CHECK (length(decision_id) = 16),
    appellant_id BLOB NOT NULL
        CONSTRAINT appeal_appellant_id_uuid CHECK (length(appellant_id) = 16),
    state TEXT NOT NULL
        CONSTRAINT appeal_state_code CHECK (state IN ('RECEIVED', 'ADMISSIBILITY', 'FIRST_INSTANCE_REVIEW', 'REVERSED', 'FORWARDED', 'UNDER_APPEAL_BODY', 'UPHELD', 'CHANGED', 'RETURNED', 'DISMISSED', 'WITHDRAWN', 'CLOSED')),
    body TEXT NOT NULL
        CONSTRAINT appeal_body_code CHECK (body IN ('COUNTY_GOVERNOR', 'MUNICIPAL_APPEALS_BOARD')),
    form TEXT NOT NULL
        CONSTRAINT appeal_form_code CHECK (form IN ('LETTER', 'DIGITAL', 'ORAL_RECORDED')),
    sent_on TEXT NOT NULL
        CONSTRAINT appeal_sent_on_date CHECK (date(sent_on) IS sent_on),
    received_on TEXT NOT NULL
        CONSTRAINT appeal_received_on_date CHECK (date(received_on) IS received_on),
    first_proposer BLOB NOT NULL
        CONSTRAINT appeal_first_proposer_uuid CHECK (length(first_proposer) = 16),
    first_decider BLOB NOT NULL
        CONSTRAINT appeal_first_decider_uuid CHECK (length(first_decider) = 16),
    received_by BLOB NOT NULL
        CONSTRAINT appeal_received_by_uuid CHECK (length(received_by) = 16),
    received_at TEXT NOT NULL
        CONSTRAINT appeal_received_at_time CHECK (received_at GLOB '????-??-??T??:??:??.??????Z'),
    in_time INTEGER
        CONSTRAINT appeal_in_time_bool CHECK (in_time IN (0, 1)),
    late_ground TEXT
        CONSTRAINT appeal_late_ground_code CHECK (late_ground IN ('EXCUSABLE', 'SPECIAL_REASONS')),
    checked_by BLOB
        CONSTRAINT appeal_checked_by_uuid CHECK (checked_by IS NULL OR length(checked_by) = 16),
    reviewed_by BLOB
        CONSTRAINT appeal_reviewed_by_uuid CHECK (reviewed_by IS NULL OR length(reviewed_by) = 16),
    reviewed_at TEXT
        CONSTRAINT appeal_reviewed_at_time CHECK (reviewed_at IS NULL OR reviewed_at GLOB '????-??-??T??:??:??.??????Z'),
    new_decision_id BLOB
        CONSTRAINT appeal_new_decision_id_uuid CHECK (new_decision_id IS NULL OR length(new_decision_id) = 16),
    package_sha256 BLOB,
    forwarded_at TEXT
        CONSTRAINT appeal_forwarded_at_time CHECK (forwarded_at IS NULL OR forwarded_at GLOB '????-??-??T??:??:??.??????Z'),
    outcome TEXT
        CONSTRAINT appeal_outcome_code CHECK (outcome IN ('UPHELD', 'CHANGED', 'RETURNED')),
    raised_to TEXT,
    concluded_by BLOB
        CONSTRAINT appeal_concluded_by_uuid CHECK (concluded_by IS NULL OR length(concluded_by) = 16),
    concluded_at TEXT
        CONSTRAINT appeal_concluded_at_time CHECK (concluded_at IS NULL OR concluded_at GLOB '????-??-??T??:??:??.??????Z'),
    sealed TEXT NOT NULL,
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
) STRICT;
CREATE UNIQUE INDEX appeal_one_open ON appeal (municipality_id, decision_id)
    WHERE state <> 'CLOSED' AND state <> 'WITHDRAWN' AND state <> 'DISMISSED';
CREATE INDEX appeal_by_application ON appeal (municipality_id, application_id);

-- What is handed over to the body of appeal, in canonical JSON without names: made once and never changed.
CREATE TABLE appeal_package (
    municipality_id BLOB NOT NULL
        CONSTRAINT appeal_package_municipality_id_uuid CHECK (length(municipality_id) = 16),
    appeal_id BLOB NOT NULL
        CONSTRAINT appeal_package_appeal_id_uuid CHECK (length(appeal_id) = 16),
    body TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    made_at TEXT NOT NULL
        CONSTRAINT appeal_package_made_at_time CHECK (made_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, appeal_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE TRIGGER appeal_package_no_update BEFORE UPDATE ON appeal_package
BEGIN SELECT RAISE(ABORT, 'append_only:appeal_package'); END;
CREATE TRIGGER appeal_package_no_delete BEFORE DELETE ON appeal_package
BEGIN SELECT RAISE(ABORT, 'append_only:appeal_package'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER appeal_package_no_replace BEFORE INSERT ON appeal_package
WHEN EXISTS (SELECT 1 FROM appeal_package WHERE municipality_id = NEW.municipality_id AND appeal_id = NEW.appeal_id)
BEGIN SELECT RAISE(ABORT, 'append_only:appeal_package'); END;
