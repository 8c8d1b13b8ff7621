-- Sign-in by more than a password, and accounts that begin with an invitation. Whoever is signed in signs in again.

DROP TABLE refresh_token;
DROP TABLE session;

-- A sign-in. Ending it stops every token that was made from it.
CREATE TABLE session (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL,
    renewed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    methods jsonb NOT NULL,
    is_strong boolean NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX session_by_user ON session (municipality_id, user_id)
    WHERE ended_at IS NULL;
SELECT rettbolig_isolate('session');
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO rettbolig_app;

-- One-time tokens that renew a sign-in; only their digests are kept.
CREATE TABLE refresh_token (
    municipality_id uuid NOT NULL,
    digest bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    successor bytea
        CONSTRAINT refresh_token_successor_size CHECK (successor IS NULL OR length(successor) = 32),
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id, session_id) REFERENCES session (municipality_id, id)
);
SELECT rettbolig_isolate('refresh_token');
GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_token TO rettbolig_app;

-- An account begins with an invitation by an administrator, of which only the digest is kept.
ALTER TABLE user_account ADD COLUMN invitation bytea;
ALTER TABLE user_account ADD COLUMN invited_until timestamptz;

-- The secret of an employee's one-time codes (RFC 6238), sealed under the key-encryption key; unconfirmed until a code has come back.
CREATE TABLE second_factor (
    municipality_id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret text NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, user_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('second_factor');
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor TO rettbolig_app;
