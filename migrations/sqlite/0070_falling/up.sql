-- Proposals that fall with the case: nobody has judged them, so nobody stands for having sent them back.

ALTER TABLE decision DROP CONSTRAINT decision_decided;
ALTER TABLE decision ADD CONSTRAINT decision_decided
    CHECK (CASE state WHEN 'PROPOSED' THEN decided_by IS NULL AND decided_at IS NULL WHEN 'RETURNED' THEN decided_at IS NOT NULL ELSE decided_by IS NOT NULL AND decided_at IS NOT NULL END);
