DROP TABLE exception_assessment;
DROP TABLE circumstance;
ALTER TABLE rule_set DROP CONSTRAINT rule_set_four_eyes;
ALTER TABLE rule_set DROP COLUMN version;
ALTER TABLE rule_set DROP COLUMN decided_at;
ALTER TABLE rule_set DROP COLUMN decided_by;
ALTER TABLE rule_set DROP COLUMN proposed_by;
ALTER TABLE rule_set DROP COLUMN state;
