-- Which keys the installation was used with: a value that follows from each and tells nothing of it, so that a wrong or missing one is noticed at start.
CREATE TABLE key_check (
    setting TEXT NOT NULL,
    key_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL
        CONSTRAINT key_check_fingerprint_size CHECK (length(fingerprint) = 32),
    first_used_at TEXT NOT NULL
        CONSTRAINT key_check_first_used_at_time CHECK (first_used_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (setting, key_id)
) STRICT;
