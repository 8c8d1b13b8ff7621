-- Answers under an Idempotency-Key are sealed, live for a day or two, and can be taken back for one person.

-- What was kept until now stands there in the clear: it is dropped. Whoever repeats a request of this minute is answered anew.
DELETE FROM idempotency_record;
-- Until when the answer is kept at least.
ALTER TABLE idempotency_record ADD COLUMN kept_until TEXT NOT NULL DEFAULT '1970-01-01T00:00:00.000000Z'
    CONSTRAINT idempotency_record_kept_until_time CHECK (kept_until GLOB '????-??-??T??:??:??.??????Z');
-- The ids of the people whom the answer may be about, 16 bytes each.
ALTER TABLE idempotency_record ADD COLUMN people BLOB NOT NULL DEFAULT X''
    CONSTRAINT idempotency_record_people_uuids CHECK (length(people) % 16 = 0);
DROP INDEX idempotency_record_by_age;
CREATE INDEX idempotency_record_by_end ON idempotency_record (municipality_id, kept_until);
