-- Tries to sign in: by name, by address and by both, under keyed digests that tell neither. Counted before a municipality is known.

CREATE TABLE sign_in_try (
    digest bytea NOT NULL
        CONSTRAINT sign_in_try_digest_size CHECK (length(digest) = 32),
    failures integer NOT NULL
        CONSTRAINT sign_in_try_failures_range CHECK (failures >= 0),
    failed_at timestamptz NOT NULL,
    is_familiar boolean NOT NULL,
    kept_until timestamptz NOT NULL,
    PRIMARY KEY (digest)
);
CREATE INDEX sign_in_try_by_end ON sign_in_try (kept_until);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_try TO rettbolig_app;

-- Sign-ins that are over, by when they ended.
CREATE INDEX session_by_end ON session (municipality_id, expires_at);
CREATE INDEX refresh_token_by_session ON refresh_token (municipality_id, session_id);
