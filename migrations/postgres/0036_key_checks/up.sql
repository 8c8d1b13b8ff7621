-- Which keys the installation was used with: a value that follows from each and tells nothing of it, so that a wrong or missing one is noticed at start.
CREATE TABLE key_check (
    setting text NOT NULL,
    key_id text NOT NULL,
    fingerprint bytea NOT NULL
        CONSTRAINT key_check_fingerprint_size CHECK (length(fingerprint) = 32),
    first_used_at timestamptz NOT NULL,
    PRIMARY KEY (setting, key_id)
);
GRANT SELECT, INSERT, DELETE ON key_check TO rettbolig_app;
