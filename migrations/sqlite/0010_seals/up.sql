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

-- The hashes of the tree in tiles of 256 (c2sp.org/tlog-tiles): those of the leaves, above them the roots of full tiles, and so on.
CREATE TABLE audit_tile (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_tile_municipality_id_uuid CHECK (length(municipality_id) = 16),
    level INTEGER NOT NULL
        CONSTRAINT audit_tile_level_range CHECK (level BETWEEN 0 AND 7),
    tile_index INTEGER NOT NULL
        CONSTRAINT audit_tile_tile_index_range CHECK (tile_index >= 0),
    hashes BLOB NOT NULL
        CONSTRAINT audit_tile_hashes_size CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (municipality_id, level, tile_index)
) STRICT, WITHOUT ROWID;
-- A tile grows; nothing that stands in it changes.
CREATE TRIGGER audit_tile_no_update BEFORE UPDATE ON audit_tile
WHEN NOT (NEW.municipality_id = OLD.municipality_id AND NEW.level = OLD.level AND NEW.tile_index = OLD.tile_index
    AND length(NEW.hashes) > length(OLD.hashes) AND substr(NEW.hashes, 1, length(OLD.hashes)) = OLD.hashes)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_tile'); END;
CREATE TRIGGER audit_tile_no_delete BEFORE DELETE ON audit_tile
BEGIN SELECT RAISE(ABORT, 'append_only:audit_tile'); END;
-- INSERT OR REPLACE would slip past the triggers above.
CREATE TRIGGER audit_tile_no_replace BEFORE INSERT ON audit_tile
WHEN EXISTS (SELECT 1 FROM audit_tile WHERE municipality_id = NEW.municipality_id AND level = NEW.level AND tile_index = NEW.tile_index)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_tile'); END;

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
