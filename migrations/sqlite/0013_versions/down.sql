DROP TABLE audit_posting;
DROP TRIGGER decision_keep_update;
DROP TRIGGER decision_keep_insert;
DROP TABLE decision_version;
DROP TRIGGER application_keep_update;
DROP TRIGGER application_keep_insert;
DROP TABLE application_version;
ALTER TABLE decision DROP COLUMN recorded_at;
ALTER TABLE application DROP COLUMN recorded_at;
