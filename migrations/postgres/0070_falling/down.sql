ALTER TABLE offer DROP CONSTRAINT offer_withdrawn_reason_code;
ALTER TABLE offer ADD CONSTRAINT offer_withdrawn_reason_code
    CHECK (withdrawn_reason IN ('FAILED_INSPECTION', 'NO_LONGER_SUITABLE', 'HOME_NEEDED_OTHERWISE', 'MADE_IN_ERROR'));
ALTER TABLE decision DROP CONSTRAINT decision_decided;
ALTER TABLE decision ADD CONSTRAINT decision_decided CHECK ((state = 'PROPOSED') = (decided_by IS NULL));
