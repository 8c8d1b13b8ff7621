DROP INDEX idempotency_record_by_end;
DELETE FROM idempotency_record;
ALTER TABLE idempotency_record DROP COLUMN people;
ALTER TABLE idempotency_record DROP COLUMN kept_until;
CREATE INDEX idempotency_record_by_age ON idempotency_record (municipality_id, created_at);
