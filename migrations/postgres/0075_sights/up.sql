-- With each answer under a key: how much its reader might see then of those whom it concerns.

TRUNCATE idempotency_record;
ALTER TABLE idempotency_record ADD COLUMN sights bytea NOT NULL
    CONSTRAINT idempotency_record_sights_whole CHECK (length(sights) % 18 = 0);
