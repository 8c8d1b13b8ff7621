ALTER TABLE decision DROP CONSTRAINT decision_outcome_code;
ALTER TABLE decision ADD CONSTRAINT decision_outcome_code
    CHECK (outcome IN ('GRANTED', 'PARTLY_GRANTED', 'REFUSED', 'DISMISSED'));
DROP INDEX offer_open_by_answer;
ALTER TABLE offer DROP CONSTRAINT offer_expired_after_notice;
ALTER TABLE offer DROP CONSTRAINT offer_withdrawn;
ALTER TABLE offer DROP COLUMN withdrawn_reason;
ALTER TABLE offer DROP COLUMN counts;
ALTER TABLE offer DROP COLUMN viewing_at;
ALTER TABLE offer DROP COLUMN notified_at;
ALTER TABLE offer DROP COLUMN answer_days;
ALTER TABLE offer ALTER COLUMN answer_by SET NOT NULL;
ALTER TABLE offer DROP CONSTRAINT offer_decline_reason_code;
ALTER TABLE offer ADD CONSTRAINT offer_decline_reason_code
    CHECK (decline_reason IN ('LOCATION', 'SIZE', 'NOT_ACCESSIBLE', 'RENT', 'SAFETY', 'FOUND_OTHER', 'NOT_STATED'));
ALTER TABLE offer DROP CONSTRAINT offer_state_code;
ALTER TABLE offer ADD CONSTRAINT offer_state_code
    CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED'));
