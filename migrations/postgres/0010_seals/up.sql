-- The seals of the audit log: its Merkle tree (RFC 6962) and the signed checkpoints over it.

-- Entries that no seal covers yet. It names ids only and is asked for all municipalities at once, hence no row-level security.
CREATE TABLE audit_unsealed (
    municipality_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, entry_id)
);
ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY;
INSERT INTO audit_unsealed (municipality_id, entry_id) SELECT municipality_id, id FROM audit_entry;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON audit_unsealed TO rettbolig_app;

-- An entry waits from the moment it commits, whatever its id and time say of the order.
CREATE FUNCTION rettbolig_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (municipality_id, entry_id) VALUES (NEW.municipality_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_await_seal AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION rettbolig_await_seal();

-- Which entry stands at which place of the sealed log, 256 places a row, with the ids and times between which they lie.
CREATE TABLE audit_span (
    municipality_id uuid NOT NULL,
    span_index bigint NOT NULL
        CONSTRAINT audit_span_span_index_range CHECK (span_index >= 0),
    entries bytea NOT NULL
        CONSTRAINT audit_span_entries_size CHECK (length(entries) BETWEEN 16 AND 4096 AND length(entries) % 16 = 0),
    least_id uuid NOT NULL,
    greatest_id uuid NOT NULL,
    earliest timestamptz NOT NULL,
    latest timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, span_index)
);
CREATE INDEX audit_span_by_id ON audit_span (municipality_id, greatest_id);
CREATE INDEX audit_span_by_time ON audit_span (municipality_id, span_index, latest, earliest);
-- Ids do not compress. The last row of a log is written anew by each seal: its old forms are cleared away early.
ALTER TABLE audit_span ALTER COLUMN entries SET STORAGE EXTERNAL;
ALTER TABLE audit_span SET (
    autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.01,
    toast.autovacuum_vacuum_threshold = 1000, toast.autovacuum_vacuum_scale_factor = 0.01
);
SELECT rettbolig_isolate('audit_span');
GRANT SELECT, INSERT, UPDATE (entries, least_id, greatest_id, earliest, latest) ON audit_span TO rettbolig_app;
-- A row grows; nothing that stands in it changes.
CREATE FUNCTION rettbolig_grow_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.municipality_id = OLD.municipality_id AND NEW.span_index = OLD.span_index
        AND length(NEW.entries) > length(OLD.entries) AND substr(NEW.entries, 1, length(OLD.entries)) = OLD.entries
        AND NEW.least_id <= OLD.least_id AND NEW.greatest_id >= OLD.greatest_id
        AND NEW.earliest <= OLD.earliest AND NEW.latest >= OLD.latest
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'append_only:%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_span_grow_only BEFORE UPDATE ON audit_span
    FOR EACH ROW EXECUTE FUNCTION rettbolig_grow_span();
CREATE TRIGGER audit_span_append_only BEFORE DELETE ON audit_span
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_span_no_truncate BEFORE TRUNCATE ON audit_span
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- The hashes of the tree in tiles of 256 (c2sp.org/tlog-tiles): those of the leaves, above them the roots of full tiles, and so on.
CREATE TABLE audit_tile (
    municipality_id uuid NOT NULL,
    level integer NOT NULL
        CONSTRAINT audit_tile_level_range CHECK (level BETWEEN 0 AND 7),
    tile_index bigint NOT NULL
        CONSTRAINT audit_tile_tile_index_range CHECK (tile_index >= 0),
    hashes bytea NOT NULL
        CONSTRAINT audit_tile_hashes_size CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (municipality_id, level, tile_index)
);
-- As for the rows of places: hashes do not compress, and the last tile is written anew by each seal.
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE audit_tile SET (
    autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.01,
    toast.autovacuum_vacuum_threshold = 1000, toast.autovacuum_vacuum_scale_factor = 0.01
);
SELECT rettbolig_isolate('audit_tile');
GRANT SELECT, INSERT, UPDATE (hashes) ON audit_tile TO rettbolig_app;
-- A tile grows; nothing that stands in it changes.
CREATE FUNCTION rettbolig_grow_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.municipality_id = OLD.municipality_id AND NEW.level = OLD.level AND NEW.tile_index = OLD.tile_index
        AND length(NEW.hashes) > length(OLD.hashes) AND substr(NEW.hashes, 1, length(OLD.hashes)) = OLD.hashes
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'append_only:%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_tile_grow_only BEFORE UPDATE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION rettbolig_grow_tile();
CREATE TRIGGER audit_tile_append_only BEFORE DELETE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_tile_no_truncate BEFORE TRUNCATE ON audit_tile
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- The signed heads of the tree (c2sp.org/tlog-checkpoint). One a size: the log never says two things of one size.
CREATE TABLE audit_checkpoint (
    municipality_id uuid NOT NULL,
    size bigint NOT NULL
        CONSTRAINT audit_checkpoint_size_range CHECK (size > 0),
    root bytea NOT NULL
        CONSTRAINT audit_checkpoint_root_size CHECK (length(root) = 32),
    note text NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, size)
);
SELECT rettbolig_isolate('audit_checkpoint');
GRANT SELECT, INSERT ON audit_checkpoint TO rettbolig_app;
CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_checkpoint_no_truncate BEFORE TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
