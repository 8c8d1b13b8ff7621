ALTER TABLE application DROP CONSTRAINT application_state_code;
ALTER TABLE application ADD CONSTRAINT application_state_code
    CHECK (state IN ('SUBMITTED', 'ASSIGNED', 'INCOMPLETE', 'IN_ASSESSMENT', 'TEAM_REVIEW', 'WAITING', 'OFFERED', 'HOUSED', 'REFUSED', 'WITHDRAWN', 'FORWARDED'));
DROP TRIGGER decision_keep_update;
DROP TRIGGER decision_keep_insert;
ALTER TABLE decision_version DROP COLUMN appeal_until;
ALTER TABLE decision_version DROP COLUMN notified_at;
CREATE TRIGGER decision_keep_insert AFTER INSERT ON decision
BEGIN INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at) VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.state, NEW.decided_by, NEW.decided_at, NEW.recorded_at); END;
CREATE TRIGGER decision_keep_update AFTER UPDATE ON decision
BEGIN INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at) VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.state, NEW.decided_by, NEW.decided_at, NEW.recorded_at); END;
DROP INDEX decision_replaced_once;
DROP INDEX decision_one_on_assistance;
DROP INDEX decision_one_proposal_per_application;
CREATE UNIQUE INDEX decision_one_proposal_per_application ON decision (municipality_id, application_id)
    WHERE state = 'PROPOSED';
ALTER TABLE decision DROP CONSTRAINT decision_notified;
ALTER TABLE decision DROP COLUMN appeal_until;
ALTER TABLE decision DROP COLUMN notified_at;
ALTER TABLE decision DROP COLUMN replaces;
ALTER TABLE decision DROP COLUMN valid_until;
ALTER TABLE decision DROP CONSTRAINT decision_four_eyes;
ALTER TABLE decision ADD CONSTRAINT decision_four_eyes
    CHECK (state <> 'APPROVED' OR (decided_by IS NOT NULL AND decided_by <> proposed_by));
ALTER TABLE decision DROP CONSTRAINT decision_state_code;
ALTER TABLE decision ADD CONSTRAINT decision_state_code
    CHECK (state IN ('PROPOSED', 'APPROVED', 'RETURNED'));
ALTER TABLE decision DROP CONSTRAINT decision_legal_basis_code;
ALTER TABLE decision ADD CONSTRAINT decision_legal_basis_code
    CHECK (legal_basis IN ('MUNICIPAL_DWELLING'));
ALTER TABLE decision DROP CONSTRAINT decision_outcome_code;
ALTER TABLE decision ADD CONSTRAINT decision_outcome_code
    CHECK (outcome IN ('GRANTED', 'REFUSED'));
