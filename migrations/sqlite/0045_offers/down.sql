DROP INDEX offer_open_by_answer;
ALTER TABLE offer DROP CONSTRAINT offer_expired_after_notice;
ALTER TABLE offer DROP CONSTRAINT offer_withdrawn;
ALTER TABLE offer DROP COLUMN withdrawn_reason;
ALTER TABLE offer DROP COLUMN counts;
ALTER TABLE offer DROP COLUMN viewing_at;
ALTER TABLE offer DROP COLUMN notified_at;
ALTER TABLE offer DROP COLUMN answer_days;
