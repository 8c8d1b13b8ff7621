-- Tries to sign in: by name, by address and by both, under keyed digests that tell neither. Counted before a municipality is known.

CREATE TABLE sign_in_try (
    digest BLOB NOT NULL
        CONSTRAINT sign_in_try_digest_size CHECK (length(digest) = 32),
    failures INTEGER NOT NULL
        CONSTRAINT sign_in_try_failures_range CHECK (failures >= 0),
    failed_at TEXT NOT NULL
        CONSTRAINT sign_in_try_failed_at_time CHECK (failed_at GLOB '????-??-??T??:??:??.??????Z'),
    is_familiar INTEGER NOT NULL
        CONSTRAINT sign_in_try_is_familiar_bool CHECK (is_familiar IN (0, 1)),
    kept_until TEXT NOT NULL
        CONSTRAINT sign_in_try_kept_until_time CHECK (kept_until GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_try_by_end ON sign_in_try (kept_until);

-- Sign-ins that are over, by when they ended.
CREATE INDEX session_by_end ON session (municipality_id, expires_at);
CREATE INDEX refresh_token_by_session ON refresh_token (municipality_id, session_id);
