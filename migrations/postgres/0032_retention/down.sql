REVOKE DELETE ON audit_segment FROM rettbolig_app;
DROP TRIGGER audit_segment_no_delete ON audit_segment;
DROP TRIGGER audit_segment_no_update ON audit_segment;
DROP FUNCTION rettbolig_keep_segment();
CREATE TRIGGER audit_segment_append_only BEFORE UPDATE OR DELETE ON audit_segment
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
ALTER TABLE person DROP COLUMN erased_at;
DROP TABLE erasure;
DROP TABLE legal_hold;
DROP TABLE retention_rule;
