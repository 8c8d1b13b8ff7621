-- Proposals and offers that fall with the case: nobody has judged them, and nobody took them back by hand.

ALTER TABLE decision DROP CONSTRAINT decision_decided;
ALTER TABLE decision ADD CONSTRAINT decision_decided
    CHECK (CASE state WHEN 'PROPOSED' THEN decided_by IS NULL AND decided_at IS NULL WHEN 'RETURNED' THEN decided_at IS NOT NULL ELSE decided_by IS NOT NULL AND decided_at IS NOT NULL END);
ALTER TABLE offer DROP CONSTRAINT offer_withdrawn_reason_code;
ALTER TABLE offer ADD CONSTRAINT offer_withdrawn_reason_code
    CHECK (withdrawn_reason IN ('FAILED_INSPECTION', 'NO_LONGER_SUITABLE', 'HOME_NEEDED_OTHERWISE', 'MADE_IN_ERROR', 'CASE_ENDED'));
