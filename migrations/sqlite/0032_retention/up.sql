-- How long what is known of people is kept, what keeps it longer, and how it is erased: by two, on a legal ground.

-- For how many months something is kept after it ended; half-open period of validity.
CREATE TABLE retention_rule (
    municipality_id BLOB NOT NULL
        CONSTRAINT retention_rule_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT retention_rule_id_uuid CHECK (length(id) = 16),
    concern TEXT NOT NULL
        CONSTRAINT retention_rule_concern_code CHECK (concern IN ('CASE', 'TENANCY', 'REGISTRATION', 'SIGN_IN')),
    months INTEGER NOT NULL
        CONSTRAINT retention_rule_months_range CHECK (months BETWEEN 1 AND 1200),
    legal_basis TEXT NOT NULL,
    valid_from TEXT NOT NULL
        CONSTRAINT retention_rule_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT retention_rule_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    created_at TEXT NOT NULL
        CONSTRAINT retention_rule_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT retention_rule_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX retention_rule_one_open ON retention_rule (municipality_id, concern) WHERE valid_until IS NULL;

-- A reason for which nothing of a person may be erased for a while.
CREATE TABLE legal_hold (
    municipality_id BLOB NOT NULL
        CONSTRAINT legal_hold_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT legal_hold_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    person_id BLOB NOT NULL
        CONSTRAINT legal_hold_person_id_uuid CHECK (length(person_id) = 16),
    reason TEXT NOT NULL
        CONSTRAINT legal_hold_reason_code CHECK (reason IN ('APPEAL', 'COURT', 'SUPERVISION', 'ACCESS_REQUEST')),
    valid_from TEXT NOT NULL
        CONSTRAINT legal_hold_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT legal_hold_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    placed_by BLOB NOT NULL
        CONSTRAINT legal_hold_placed_by_uuid CHECK (length(placed_by) = 16),
    placed_at TEXT NOT NULL
        CONSTRAINT legal_hold_placed_at_time CHECK (placed_at GLOB '????-??-??T??:??:??.??????Z'),
    lifted_by BLOB
        CONSTRAINT legal_hold_lifted_by_uuid CHECK (lifted_by IS NULL OR length(lifted_by) = 16),
    lifted_at TEXT
        CONSTRAINT legal_hold_lifted_at_time CHECK (lifted_at IS NULL OR lifted_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT legal_hold_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    CONSTRAINT legal_hold_lifted CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX legal_hold_by_person ON legal_hold (municipality_id, person_id, id);

-- A person's erasure, from the request on.
CREATE TABLE erasure (
    municipality_id BLOB NOT NULL
        CONSTRAINT erasure_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT erasure_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    person_id BLOB NOT NULL
        CONSTRAINT erasure_person_id_uuid CHECK (length(person_id) = 16),
    ground TEXT NOT NULL
        CONSTRAINT erasure_ground_code CHECK (ground IN ('NO_LONGER_NECESSARY', 'UNLAWFULLY_PROCESSED', 'LEGAL_OBLIGATION')),
    state TEXT NOT NULL
        CONSTRAINT erasure_state_code CHECK (state IN ('REQUESTED', 'APPROVED_ONCE', 'CARRIED_OUT', 'WITHDRAWN')),
    -- Nobody where the service itself proposed it, because the time was over.
    requested_by BLOB
        CONSTRAINT erasure_requested_by_uuid CHECK (requested_by IS NULL OR length(requested_by) = 16),
    requested_at TEXT NOT NULL
        CONSTRAINT erasure_requested_at_time CHECK (requested_at GLOB '????-??-??T??:??:??.??????Z'),
    first_approver BLOB
        CONSTRAINT erasure_first_approver_uuid CHECK (first_approver IS NULL OR length(first_approver) = 16),
    second_approver BLOB
        CONSTRAINT erasure_second_approver_uuid CHECK (second_approver IS NULL OR length(second_approver) = 16),
    carried_out_at TEXT
        CONSTRAINT erasure_carried_out_at_time CHECK (carried_out_at IS NULL OR carried_out_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT erasure_by_two CHECK (state <> 'CARRIED_OUT' OR (first_approver IS NOT NULL AND second_approver IS NOT NULL
        AND first_approver <> second_approver AND carried_out_at IS NOT NULL)),
    CONSTRAINT erasure_not_before CHECK (second_approver IS NULL OR state = 'CARRIED_OUT'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, first_approver) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, second_approver) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX erasure_one_per_person ON erasure (municipality_id, person_id) WHERE state <> 'WITHDRAWN';
CREATE INDEX erasure_by_state ON erasure (municipality_id, state, id);
-- What was carried out stays so: the permission to take segments out of the log rests on it.
CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
BEGIN SELECT RAISE(ABORT, 'append_only:erasure'); END;
CREATE TRIGGER erasure_no_return BEFORE UPDATE ON erasure WHEN OLD.state = 'CARRIED_OUT' OR OLD.state = 'WITHDRAWN'
BEGIN SELECT RAISE(ABORT, 'append_only:erasure'); END;

-- Once erased, a person has no key, and nothing that was sealed can be read.
ALTER TABLE person ADD COLUMN erased_at TEXT
    CONSTRAINT person_erased CHECK (erased_at IS NULL OR (erased_at GLOB '????-??-??T??:??:??.??????Z' AND sealed_key = '' AND sealed = ''));

-- A segment goes only with its person, and only after two have approved.
DROP TRIGGER audit_segment_no_delete;
CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segment
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE municipality_id = OLD.municipality_id AND person_id = OLD.person_id AND state = 'CARRIED_OUT')
BEGIN SELECT RAISE(ABORT, 'append_only:audit_segment'); END;
