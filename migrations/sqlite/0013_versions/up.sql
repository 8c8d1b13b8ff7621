-- What a case and a decision said at any time, and the index by which the log is asked.

-- When the row was last changed. Whoever changes it says so: the database has no clock of its own here.
ALTER TABLE application ADD COLUMN recorded_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00.000000Z'
    CONSTRAINT application_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z');
UPDATE application SET recorded_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
-- When what is needed was last recorded: whoever has died since was reckoned with.
ALTER TABLE application ADD COLUMN needs_assessed_at TEXT
    CONSTRAINT application_needs_assessed_at_time CHECK (needs_assessed_at IS NULL OR needs_assessed_at GLOB '????-??-??T??:??:??.??????Z');
UPDATE application SET needs_assessed_at = recorded_at WHERE needs IS NOT NULL;
ALTER TABLE decision ADD COLUMN recorded_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00.000000Z'
    CONSTRAINT decision_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z');
UPDATE decision SET recorded_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');

-- Every version of a case, its columns in the order of the case's own. What a case was before this migration is not known.
CREATE TABLE application_version (
    municipality_id BLOB NOT NULL
        CONSTRAINT application_version_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT application_version_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    household_id BLOB NOT NULL
        CONSTRAINT application_version_household_id_uuid CHECK (length(household_id) = 16),
    applicant_id BLOB NOT NULL
        CONSTRAINT application_version_applicant_id_uuid CHECK (length(applicant_id) = 16),
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    state_since TEXT NOT NULL
        CONSTRAINT application_version_state_since_time CHECK (state_since GLOB '????-??-??T??:??:??.??????Z'),
    received_on TEXT NOT NULL
        CONSTRAINT application_version_received_on_date CHECK (date(received_on) IS received_on),
    lives_in_municipal_dwelling INTEGER NOT NULL
        CONSTRAINT application_version_lives_in_municipal_dwelling_bool CHECK (lives_in_municipal_dwelling IN (0, 1)),
    assigned_to BLOB
        CONSTRAINT application_version_assigned_to_uuid CHECK (assigned_to IS NULL OR length(assigned_to) = 16),
    urgency TEXT,
    needs TEXT
        CONSTRAINT application_version_needs_json CHECK (needs IS NULL OR json_valid(needs)),
    created_at TEXT NOT NULL
        CONSTRAINT application_version_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    recorded_at TEXT NOT NULL
        CONSTRAINT application_version_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z'),
    needs_assessed_at TEXT
        CONSTRAINT application_version_needs_assessed_at_time CHECK (needs_assessed_at IS NULL OR needs_assessed_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id, version),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
INSERT INTO application_version (municipality_id, id, version, household_id, applicant_id, type, state, state_since, received_on, lives_in_municipal_dwelling, assigned_to, urgency, needs, created_at, recorded_at, needs_assessed_at) SELECT municipality_id, id, version, household_id, applicant_id, type, state, state_since, received_on, lives_in_municipal_dwelling, assigned_to, urgency, needs, created_at, recorded_at, needs_assessed_at FROM application;
CREATE TRIGGER application_version_no_update BEFORE UPDATE ON application_version
BEGIN SELECT RAISE(ABORT, 'append_only:application_version'); END;
CREATE TRIGGER application_version_no_delete BEFORE DELETE ON application_version
BEGIN SELECT RAISE(ABORT, 'append_only:application_version'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER application_version_no_replace BEFORE INSERT ON application_version
WHEN EXISTS (SELECT 1 FROM application_version WHERE municipality_id = NEW.municipality_id AND id = NEW.id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'append_only:application_version'); END;
-- Kept by the database, so that no change can forget it; one that does not raise the version fails on the key.
CREATE TRIGGER application_keep_insert AFTER INSERT ON application
BEGIN INSERT INTO application_version (municipality_id, id, version, household_id, applicant_id, type, state, state_since, received_on, lives_in_municipal_dwelling, assigned_to, urgency, needs, created_at, recorded_at, needs_assessed_at) VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.household_id, NEW.applicant_id, NEW.type, NEW.state, NEW.state_since, NEW.received_on, NEW.lives_in_municipal_dwelling, NEW.assigned_to, NEW.urgency, NEW.needs, NEW.created_at, NEW.recorded_at, NEW.needs_assessed_at); END;
CREATE TRIGGER application_keep_update AFTER UPDATE ON application
BEGIN INSERT INTO application_version (municipality_id, id, version, household_id, applicant_id, type, state, state_since, received_on, lives_in_municipal_dwelling, assigned_to, urgency, needs, created_at, recorded_at, needs_assessed_at) VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.household_id, NEW.applicant_id, NEW.type, NEW.state, NEW.state_since, NEW.received_on, NEW.lives_in_municipal_dwelling, NEW.assigned_to, NEW.urgency, NEW.needs, NEW.created_at, NEW.recorded_at, NEW.needs_assessed_at); END;

-- Every version of a decision: only what changes of it.
CREATE TABLE decision_version (
    municipality_id BLOB NOT NULL
        CONSTRAINT decision_version_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT decision_version_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    decided_by BLOB
        CONSTRAINT decision_version_decided_by_uuid CHECK (decided_by IS NULL OR length(decided_by) = 16),
    decided_at TEXT
        CONSTRAINT decision_version_decided_at_time CHECK (decided_at IS NULL OR decided_at GLOB '????-??-??T??:??:??.??????Z'),
    recorded_at TEXT NOT NULL
        CONSTRAINT decision_version_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id, version),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at) SELECT municipality_id, id, version, state, decided_by, decided_at, recorded_at FROM decision;
CREATE TRIGGER decision_version_no_update BEFORE UPDATE ON decision_version
BEGIN SELECT RAISE(ABORT, 'append_only:decision_version'); END;
CREATE TRIGGER decision_version_no_delete BEFORE DELETE ON decision_version
BEGIN SELECT RAISE(ABORT, 'append_only:decision_version'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER decision_version_no_replace BEFORE INSERT ON decision_version
WHEN EXISTS (SELECT 1 FROM decision_version WHERE municipality_id = NEW.municipality_id AND id = NEW.id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'append_only:decision_version'); END;
CREATE TRIGGER decision_keep_insert AFTER INSERT ON decision
BEGIN INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at) VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.state, NEW.decided_by, NEW.decided_at, NEW.recorded_at); END;
CREATE TRIGGER decision_keep_update AFTER UPDATE ON decision
BEGIN INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at) VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.state, NEW.decided_by, NEW.decided_at, NEW.recorded_at); END;

-- The index by which the log is asked: for each key (what entries have in common) the places of the entries that have it, ascending,
-- as numbers of 8 bytes, in blocks. A full block is named after its last place; the last block of a list is open and grows.
CREATE TABLE audit_posting (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_posting_municipality_id_uuid CHECK (length(municipality_id) = 16),
    key BLOB NOT NULL
        CONSTRAINT audit_posting_key_uuid CHECK (length(key) = 16),
    upto INTEGER NOT NULL,
    leaves BLOB NOT NULL
        CONSTRAINT audit_posting_leaves_size CHECK (length(leaves) BETWEEN 8 AND 512 AND length(leaves) % 8 = 0),
    CONSTRAINT audit_posting_upto_last CHECK (upto = 9223372036854775807 OR hex(substr(leaves, -8)) = printf('%016X', upto)),
    PRIMARY KEY (municipality_id, key, upto)
) STRICT, WITHOUT ROWID;
-- An open block grows, until it is full; nothing that stands in it changes.
CREATE TRIGGER audit_posting_no_update BEFORE UPDATE ON audit_posting
WHEN NOT (NEW.municipality_id = OLD.municipality_id AND NEW.key = OLD.key AND OLD.upto = 9223372036854775807
    AND length(NEW.leaves) > length(OLD.leaves) AND substr(NEW.leaves, 1, length(OLD.leaves)) = OLD.leaves)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_posting'); END;
CREATE TRIGGER audit_posting_no_delete BEFORE DELETE ON audit_posting
BEGIN SELECT RAISE(ABORT, 'append_only:audit_posting'); END;
-- INSERT OR REPLACE would slip past the triggers above.
CREATE TRIGGER audit_posting_no_replace BEFORE INSERT ON audit_posting
WHEN EXISTS (SELECT 1 FROM audit_posting WHERE municipality_id = NEW.municipality_id AND key = NEW.key AND upto = NEW.upto)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_posting'); END;
