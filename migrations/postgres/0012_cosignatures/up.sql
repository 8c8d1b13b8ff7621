-- What witnesses said of the audit log's checkpoints (c2sp.org/tlog-cosignature): when they saw each, and that the log had only grown.

CREATE TABLE audit_cosignature (
    municipality_id uuid NOT NULL,
    size bigint NOT NULL,
    -- Name and id of the witness's key: whoever gets another key is another witness.
    witness text NOT NULL,
    cosigned_at timestamptz NOT NULL,
    line text NOT NULL,
    kept_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, size, witness, cosigned_at),
    FOREIGN KEY (municipality_id, size) REFERENCES audit_checkpoint (municipality_id, size)
);
CREATE INDEX audit_cosignature_by_witness ON audit_cosignature (municipality_id, witness, size);
SELECT rettbolig_isolate('audit_cosignature');
GRANT SELECT, INSERT ON audit_cosignature TO rettbolig_app;
CREATE TRIGGER audit_cosignature_append_only BEFORE UPDATE OR DELETE ON audit_cosignature
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_cosignature_no_truncate BEFORE TRUNCATE ON audit_cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
