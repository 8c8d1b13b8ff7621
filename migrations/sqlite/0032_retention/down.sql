DROP TRIGGER audit_segment_no_delete;
CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segment
BEGIN SELECT RAISE(ABORT, 'append_only:audit_segment'); END;
ALTER TABLE person DROP COLUMN erased_at;
DROP TABLE erasure;
DROP TABLE legal_hold;
DROP TABLE retention_rule;
