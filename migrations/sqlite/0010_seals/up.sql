-- The seals of the audit log: its Merkle tree (RFC 6962) and the signed checkpoints over it.

-- Entries that no seal covers yet.
CREATE TABLE audit_unsealed (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_unsealed_municipality_id_uuid CHECK (length(municipality_id) = 16),
    entry_id BLOB NOT NULL
        CONSTRAINT audit_unsealed_entry_id_uuid CHECK (length(entry_id) = 16),
    PRIMARY KEY (municipality_id, entry_id)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_unsealed (municipality_id, entry_id) SELECT municipality_id, id FROM audit_entry;

-- An entry waits from the moment it commits, whatever its id and time say of the order.
CREATE TRIGGER audit_entry_await_seal AFTER INSERT ON audit_entry
BEGIN INSERT INTO audit_unsealed (municipality_id, entry_id) VALUES (NEW.municipality_id, NEW.id); END;

-- Which entry stands at which place of the sealed log, 256 places a row, with the ids and times between which they lie.
CREATE TABLE audit_span (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_span_municipality_id_uuid CHECK (length(municipality_id) = 16),
    span_index INTEGER NOT NULL
        CONSTRAINT audit_span_span_index_range CHECK (span_index >= 0),
    entries BLOB NOT NULL
        CONSTRAINT audit_span_entries_size CHECK (length(entries) BETWEEN 16 AND 4096 AND length(entries) % 16 = 0),
    least_id BLOB NOT NULL
        CONSTRAINT audit_span_least_id_uuid CHECK (length(least_id) = 16),
    greatest_id BLOB NOT NULL
        CONSTRAINT audit_span_greatest_id_uuid CHECK (length(greatest_id) = 16),
    earliest TEXT NOT NULL
        CONSTRAINT audit_span_earliest_time CHECK (earliest GLOB '????-??-??T??:??:??.??????Z'),
    latest TEXT NOT NULL
        CONSTRAINT audit_span_latest_time CHECK (latest GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, span_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_span_by_id ON audit_span (municipality_id, greatest_id);
CREATE INDEX audit_span_by_time ON audit_span (municipality_id, span_index, latest, earliest);
-- A row grows; nothing that stands in it changes.
CREATE TRIGGER audit_span_no_update BEFORE UPDATE ON audit_span
WHEN NOT (NEW.municipality_id = OLD.municipality_id AND NEW.span_index = OLD.span_index
    AND length(NEW.entries) > length(OLD.entries) AND substr(NEW.entries, 1, length(OLD.entries)) = OLD.entries
    AND NEW.least_id <= OLD.least_id AND NEW.greatest_id >= OLD.greatest_id
    AND NEW.earliest <= OLD.earliest AND NEW.latest >= OLD.latest)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_span'); END;
CREATE TRIGGER audit_span_no_delete BEFORE DELETE ON audit_span
BEGIN SELECT RAISE(ABORT, 'append_only:audit_span'); END;
-- INSERT OR REPLACE would slip past the triggers above.
CREATE TRIGGER audit_span_no_replace BEFORE INSERT ON audit_span
WHEN EXISTS (SELECT 1 FROM audit_span WHERE municipality_id = NEW.municipality_id AND span_index = NEW.span_index)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_span'); END;

-- The place of each sealed entry in the log.
CREATE TABLE audit_leaf (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_leaf_municipality_id_uuid CHECK (length(municipality_id) = 16),
    leaf_index INTEGER NOT NULL
        CONSTRAINT audit_leaf_leaf_index_range CHECK (leaf_index >= 0),
    entry_id BLOB NOT NULL
        CONSTRAINT audit_leaf_entry_id_uuid CHECK (length(entry_id) = 16),
    hash BLOB NOT NULL
        CONSTRAINT audit_leaf_hash_size CHECK (length(hash) = 32),
    PRIMARY KEY (municipality_id, leaf_index),
    FOREIGN KEY (municipality_id, entry_id) REFERENCES audit_entry (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_leaf_entry ON audit_leaf (municipality_id, entry_id);
CREATE TRIGGER audit_leaf_no_update BEFORE UPDATE ON audit_leaf
BEGIN SELECT RAISE(ABORT, 'append_only:audit_leaf'); END;
CREATE TRIGGER audit_leaf_no_delete BEFORE DELETE ON audit_leaf
BEGIN SELECT RAISE(ABORT, 'append_only:audit_leaf'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER audit_leaf_no_replace BEFORE INSERT ON audit_leaf
WHEN EXISTS (SELECT 1 FROM audit_leaf WHERE municipality_id = NEW.municipality_id AND leaf_index = NEW.leaf_index)
    OR EXISTS (SELECT 1 FROM audit_leaf WHERE municipality_id = NEW.municipality_id AND entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_leaf'); END;

-- The hash of each complete subtree above the leaves.
CREATE TABLE audit_node (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_node_municipality_id_uuid CHECK (length(municipality_id) = 16),
    level INTEGER NOT NULL
        CONSTRAINT audit_node_level_range CHECK (level > 0),
    node_index INTEGER NOT NULL
        CONSTRAINT audit_node_node_index_range CHECK (node_index >= 0),
    hash BLOB NOT NULL
        CONSTRAINT audit_node_hash_size CHECK (length(hash) = 32),
    PRIMARY KEY (municipality_id, level, node_index)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_node_no_update BEFORE UPDATE ON audit_node
BEGIN SELECT RAISE(ABORT, 'append_only:audit_node'); END;
CREATE TRIGGER audit_node_no_delete BEFORE DELETE ON audit_node
BEGIN SELECT RAISE(ABORT, 'append_only:audit_node'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER audit_node_no_replace BEFORE INSERT ON audit_node
WHEN EXISTS (SELECT 1 FROM audit_node WHERE municipality_id = NEW.municipality_id AND level = NEW.level AND node_index = NEW.node_index)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_node'); END;

-- The signed heads of the tree (c2sp.org/tlog-checkpoint). One a size: the log never says two things of one size.
CREATE TABLE audit_checkpoint (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_checkpoint_municipality_id_uuid CHECK (length(municipality_id) = 16),
    size INTEGER NOT NULL
        CONSTRAINT audit_checkpoint_size_range CHECK (size > 0),
    root BLOB NOT NULL
        CONSTRAINT audit_checkpoint_root_size CHECK (length(root) = 32),
    note TEXT NOT NULL,
    sealed_at TEXT NOT NULL
        CONSTRAINT audit_checkpoint_sealed_at_time CHECK (sealed_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, size)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'append_only:audit_checkpoint'); END;
CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'append_only:audit_checkpoint'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER audit_checkpoint_no_replace BEFORE INSERT ON audit_checkpoint
WHEN EXISTS (SELECT 1 FROM audit_checkpoint WHERE municipality_id = NEW.municipality_id AND size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_checkpoint'); END;
