-- What a case and a decision said at any time, and further words by which the log is asked.

-- When the row was last changed. Whoever changes it says so: the database has no clock of its own here.
ALTER TABLE application ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE application ALTER COLUMN recorded_at DROP DEFAULT;
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
    PRIMARY KEY (municipality_id, id, version),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
ALTER TABLE application NO FORCE ROW LEVEL SECURITY;
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

-- Words by which the log is asked besides subjects: refusal codes, and what the audit module calls marks.
CREATE TABLE audit_mark (
    municipality_id uuid NOT NULL,
    mark text NOT NULL,
    entry_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, mark, entry_id)
);
ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_subject NO FORCE ROW LEVEL SECURITY;
INSERT INTO audit_mark SELECT municipality_id, 'REFUSED', id FROM audit_entry WHERE kind = 'REFUSED';
INSERT INTO audit_mark SELECT municipality_id, 'REFUSED:' || (body::jsonb -> 'facts' ->> 'refusal'), id FROM audit_entry
    WHERE kind = 'REFUSED' AND body::jsonb -> 'facts' ? 'refusal';
INSERT INTO audit_mark SELECT e.municipality_id, 'UNRELATED', e.id FROM audit_entry e
    WHERE e.kind = 'ACCESS' AND e.case_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM audit_subject s
        WHERE s.municipality_id = e.municipality_id AND s.entry_id = e.id AND s.kind = 'APPLICATION')
    AND EXISTS (
        SELECT 1 FROM audit_subject s
        WHERE s.municipality_id = e.municipality_id AND s.entry_id = e.id AND (s.kind = 'PERSON' OR s.kind = 'HOUSEHOLD'));
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_subject FORCE ROW LEVEL SECURITY;
SELECT rettbolig_isolate('audit_mark');
GRANT SELECT, INSERT ON audit_mark TO rettbolig_app;
CREATE TRIGGER audit_mark_append_only BEFORE UPDATE OR DELETE ON audit_mark
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_mark_no_truncate BEFORE TRUNCATE ON audit_mark
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
CREATE INDEX audit_entry_by_role ON audit_entry (municipality_id, role, id);
