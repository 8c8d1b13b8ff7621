-- What witnesses said of the audit log's checkpoints (c2sp.org/tlog-cosignature): when they saw each, and that the log had only grown.

CREATE TABLE audit_cosignature (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_cosignature_municipality_id_uuid CHECK (length(municipality_id) = 16),
    size INTEGER NOT NULL,
    -- Name and id of the witness's key: whoever gets another key is another witness.
    witness TEXT NOT NULL,
    cosigned_at TEXT NOT NULL
        CONSTRAINT audit_cosignature_cosigned_at_time CHECK (cosigned_at GLOB '????-??-??T??:??:??.??????Z'),
    line TEXT NOT NULL,
    kept_at TEXT NOT NULL
        CONSTRAINT audit_cosignature_kept_at_time CHECK (kept_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, size, witness, cosigned_at),
    FOREIGN KEY (municipality_id, size) REFERENCES audit_checkpoint (municipality_id, size)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_cosignature_by_witness ON audit_cosignature (municipality_id, witness, size);
CREATE TRIGGER audit_cosignature_no_update BEFORE UPDATE ON audit_cosignature
BEGIN SELECT RAISE(ABORT, 'append_only:audit_cosignature'); END;
CREATE TRIGGER audit_cosignature_no_delete BEFORE DELETE ON audit_cosignature
BEGIN SELECT RAISE(ABORT, 'append_only:audit_cosignature'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER audit_cosignature_no_replace BEFORE INSERT ON audit_cosignature
WHEN EXISTS (SELECT 1 FROM audit_cosignature WHERE municipality_id = NEW.municipality_id AND size = NEW.size AND witness = NEW.witness AND cosigned_at = NEW.cosigned_at)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_cosignature'); END;
