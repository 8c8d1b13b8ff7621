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

-- The place of each sealed entry in the log.
CREATE TABLE audit_leaf (
    municipality_id uuid NOT NULL,
    leaf_index bigint NOT NULL
        CONSTRAINT audit_leaf_leaf_index_range CHECK (leaf_index >= 0),
    entry_id uuid NOT NULL,
    hash bytea NOT NULL
        CONSTRAINT audit_leaf_hash_size CHECK (length(hash) = 32),
    PRIMARY KEY (municipality_id, leaf_index),
    FOREIGN KEY (municipality_id, entry_id) REFERENCES audit_entry (municipality_id, id)
);
CREATE UNIQUE INDEX audit_leaf_entry ON audit_leaf (municipality_id, entry_id);
SELECT rettbolig_isolate('audit_leaf');
GRANT SELECT, INSERT ON audit_leaf TO rettbolig_app;
CREATE TRIGGER audit_leaf_append_only BEFORE UPDATE OR DELETE ON audit_leaf
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_leaf_no_truncate BEFORE TRUNCATE ON audit_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- The hash of each complete subtree above the leaves.
CREATE TABLE audit_node (
    municipality_id uuid NOT NULL,
    level integer NOT NULL
        CONSTRAINT audit_node_level_range CHECK (level > 0),
    node_index bigint NOT NULL
        CONSTRAINT audit_node_node_index_range CHECK (node_index >= 0),
    hash bytea NOT NULL
        CONSTRAINT audit_node_hash_size CHECK (length(hash) = 32),
    PRIMARY KEY (municipality_id, level, node_index)
);
SELECT rettbolig_isolate('audit_node');
GRANT SELECT, INSERT ON audit_node TO rettbolig_app;
CREATE TRIGGER audit_node_append_only BEFORE UPDATE OR DELETE ON audit_node
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_node_no_truncate BEFORE TRUNCATE ON audit_node
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
