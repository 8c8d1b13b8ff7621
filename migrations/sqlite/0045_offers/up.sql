-- Offers run from their proof of notification, end in more ways, and count or not.

ALTER TABLE offer DROP CONSTRAINT offer_state_code;
ALTER TABLE offer ADD CONSTRAINT offer_state_code
    CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN', 'ANNULLED'));
ALTER TABLE offer DROP CONSTRAINT offer_decline_reason_code;
ALTER TABLE offer ADD CONSTRAINT offer_decline_reason_code
    CHECK (decline_reason IN ('LOCATION', 'SIZE', 'NOT_ACCESSIBLE', 'RENT', 'SAFETY', 'HEALTH', 'CHILDRENS_SCHOOLING', 'FOUND_OTHER', 'NOT_STATED'));
-- The time for an answer runs from the proof that the offer arrived: until then there is no last day.
ALTER TABLE offer ALTER COLUMN answer_by DROP NOT NULL;
ALTER TABLE offer ADD COLUMN answer_days INTEGER NOT NULL DEFAULT 7
    CONSTRAINT offer_answer_days_range CHECK (answer_days > 0);
ALTER TABLE offer ADD COLUMN notified_at TEXT
    CONSTRAINT offer_notified_at_time CHECK (notified_at IS NULL OR notified_at GLOB '????-??-??T??:??:??.??????Z');
ALTER TABLE offer ADD COLUMN viewing_at TEXT
    CONSTRAINT offer_viewing_at_time CHECK (viewing_at IS NULL OR viewing_at GLOB '????-??-??T??:??:??.??????Z');
-- Whether it is one of those after which a grant may lapse.
ALTER TABLE offer ADD COLUMN counts INTEGER
    CONSTRAINT offer_counts_bool CHECK (counts IN (0, 1));
ALTER TABLE offer ADD COLUMN withdrawn_reason TEXT
    CONSTRAINT offer_withdrawn_reason_code CHECK (withdrawn_reason IN ('FAILED_INSPECTION', 'NO_LONGER_SUITABLE', 'HOME_NEEDED_OTHERWISE', 'MADE_IN_ERROR', 'CASE_ENDED'));
ALTER TABLE offer ADD CONSTRAINT offer_withdrawn
    CHECK ((state = 'WITHDRAWN' OR state = 'ANNULLED') = (withdrawn_reason IS NOT NULL));
-- An offer expires only after it is proved that it arrived.
ALTER TABLE offer ADD CONSTRAINT offer_expired_after_notice CHECK (state <> 'EXPIRED' OR notified_at IS NOT NULL);
CREATE INDEX offer_open_by_answer ON offer (municipality_id, answer_by) WHERE state = 'OPEN';

ALTER TABLE decision DROP CONSTRAINT decision_outcome_code;
ALTER TABLE decision ADD CONSTRAINT decision_outcome_code
    CHECK (outcome IN ('GRANTED', 'PARTLY_GRANTED', 'REFUSED', 'DISMISSED', 'LAPSED'));
