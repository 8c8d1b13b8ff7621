-- Answers under an Idempotency-Key are sealed, live for a day or two, and can be taken back for one person.

-- What was kept until now stands there in the clear: it is dropped. Whoever repeats a request of this minute is answered anew.
TRUNCATE idempotency_record;
-- Until when the answer is kept at least.
ALTER TABLE idempotency_record ADD COLUMN kept_until timestamptz NOT NULL;
-- The ids of the people whom the answer may be about, 16 bytes each.
ALTER TABLE idempotency_record ADD COLUMN people bytea NOT NULL
    CONSTRAINT idempotency_record_people_uuids CHECK (length(people) % 16 = 0);
DROP INDEX idempotency_record_by_age;
CREATE INDEX idempotency_record_by_end ON idempotency_record (municipality_id, kept_until);
