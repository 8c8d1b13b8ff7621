ALTER TABLE decision DROP CONSTRAINT decision_decided;
ALTER TABLE decision ADD CONSTRAINT decision_decided CHECK ((state = 'PROPOSED') = (decided_by IS NULL));
