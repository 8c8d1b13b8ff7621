-- What a case and a decision said at any time, and the index by which the log is asked.

-- When the row was last changed. Whoever changes it says so: the database has no clock of its own here.
ALTER TABLE application ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE application ALTER COLUMN recorded_at DROP DEFAULT;
-- When what is needed was last recorded: whoever has died since was reckoned with.
ALTER TABLE application ADD COLUMN needs_assessed_at timestamptz;
ALTER TABLE decision ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE decision ALTER COLUMN recorded_at DROP DEFAULT;

-- Every version of a case, its columns in the order of the case's own. What a case was before this migration is not known.
CREATE TABLE application_version (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    household_id uuid NOT NULL,
    applicant_id uuid NOT NULL,
    type text NOT NULL,
    state text NOT NULL,
    state_since timestamptz NOT NULL,
    received_on date NOT NULL,
    lives_in_municipal_dwelling boolean NOT NULL,
    assigned_to uuid,
    urgency text,
    needs jsonb,
    created_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    needs_assessed_at timestamptz,
    PRIMARY KEY (municipality_id, id, version),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
ALTER TABLE application NO FORCE ROW LEVEL SECURITY;
UPDATE application SET needs_assessed_at = recorded_at WHERE needs IS NOT NULL;
INSERT INTO application_version SELECT * FROM application;
ALTER TABLE application FORCE ROW LEVEL SECURITY;
SELECT rettbolig_isolate('application_version');
GRANT SELECT, INSERT ON application_version TO rettbolig_app;
CREATE TRIGGER application_version_append_only BEFORE UPDATE OR DELETE ON application_version
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER application_version_no_truncate BEFORE TRUNCATE ON application_version
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- Kept by the database, so that no change can forget it; one that does not raise the version fails on the key.
CREATE FUNCTION rettbolig_keep_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO application_version SELECT NEW.*;
    RETURN NULL;
END $$;
CREATE TRIGGER application_keep_version AFTER INSERT OR UPDATE ON application
    FOR EACH ROW EXECUTE FUNCTION rettbolig_keep_application();

-- Every version of a decision: only what changes of it.
CREATE TABLE decision_version (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id, version),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
ALTER TABLE decision NO FORCE ROW LEVEL SECURITY;
INSERT INTO decision_version SELECT municipality_id, id, version, state, decided_by, decided_at, recorded_at FROM decision;
ALTER TABLE decision FORCE ROW LEVEL SECURITY;
SELECT rettbolig_isolate('decision_version');
GRANT SELECT, INSERT ON decision_version TO rettbolig_app;
CREATE TRIGGER decision_version_append_only BEFORE UPDATE OR DELETE ON decision_version
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER decision_version_no_truncate BEFORE TRUNCATE ON decision_version
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

CREATE FUNCTION rettbolig_keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at)
    VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.state, NEW.decided_by, NEW.decided_at, NEW.recorded_at);
    RETURN NULL;
END $$;
CREATE TRIGGER decision_keep_version AFTER INSERT OR UPDATE ON decision
    FOR EACH ROW EXECUTE FUNCTION rettbolig_keep_decision();

-- The index by which the log is asked: for each key (what entries have in common) the places of the entries that have it, ascending,
-- as numbers of 8 bytes, in blocks. A full block is named after its last place; the last block of a list is open and grows.
CREATE TABLE audit_posting (
    municipality_id uuid NOT NULL,
    key uuid NOT NULL,
    upto bigint NOT NULL,
    leaves bytea NOT NULL
        CONSTRAINT audit_posting_leaves_size CHECK (length(leaves) BETWEEN 8 AND 512 AND length(leaves) % 8 = 0),
    CONSTRAINT audit_posting_upto_last CHECK (upto = 9223372036854775807 OR substr(leaves, length(leaves) - 7) = int8send(upto)),
    PRIMARY KEY (municipality_id, key, upto)
);
-- Blocks in which many entries are filed are written anew by each seal: beside its row there is room for the next form of it, and
-- the old forms are cleared away early.
ALTER TABLE audit_posting SET (
    fillfactor = 85, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.01
);
SELECT rettbolig_isolate('audit_posting');
GRANT SELECT, INSERT, UPDATE (upto, leaves) ON audit_posting TO rettbolig_app;
-- An open block grows, until it is full; nothing that stands in it changes.
CREATE FUNCTION rettbolig_grow_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.municipality_id = OLD.municipality_id AND NEW.key = OLD.key AND OLD.upto = 9223372036854775807
        AND length(NEW.leaves) > length(OLD.leaves) AND substr(NEW.leaves, 1, length(OLD.leaves)) = OLD.leaves
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'append_only:%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_posting_grow_only BEFORE UPDATE ON audit_posting
    FOR EACH ROW EXECUTE FUNCTION rettbolig_grow_posting();
CREATE TRIGGER audit_posting_append_only BEFORE DELETE ON audit_posting
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_posting_no_truncate BEFORE TRUNCATE ON audit_posting
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
