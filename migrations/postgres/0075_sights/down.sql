ALTER TABLE idempotency_record DROP COLUMN sights;
