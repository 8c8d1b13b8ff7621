-- Sign-in by more than a password, and accounts that begin with an invitation. Whoever is signed in signs in again.

DROP TABLE refresh_token;
DROP TABLE session;

-- A sign-in. Ending it stops every token that was made from it.
CREATE TABLE session (
    municipality_id BLOB NOT NULL
        CONSTRAINT session_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT session_id_uuid CHECK (length(id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT session_user_id_uuid CHECK (length(user_id) = 16),
    started_at TEXT NOT NULL
        CONSTRAINT session_started_at_time CHECK (started_at GLOB '????-??-??T??:??:??.??????Z'),
    authenticated_at TEXT NOT NULL
        CONSTRAINT session_authenticated_at_time CHECK (authenticated_at GLOB '????-??-??T??:??:??.??????Z'),
    renewed_at TEXT NOT NULL
        CONSTRAINT session_renewed_at_time CHECK (renewed_at GLOB '????-??-??T??:??:??.??????Z'),
    expires_at TEXT NOT NULL
        CONSTRAINT session_expires_at_time CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_at TEXT
        CONSTRAINT session_ended_at_time CHECK (ended_at IS NULL OR ended_at GLOB '????-??-??T??:??:??.??????Z'),
    methods TEXT NOT NULL
        CONSTRAINT session_methods_json CHECK (json_valid(methods)),
    is_strong INTEGER NOT NULL
        CONSTRAINT session_is_strong_bool CHECK (is_strong IN (0, 1)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_user ON session (municipality_id, user_id)
    WHERE ended_at IS NULL;

-- One-time tokens that renew a sign-in; only their digests are kept.
CREATE TABLE refresh_token (
    municipality_id BLOB NOT NULL
        CONSTRAINT refresh_token_municipality_id_uuid CHECK (length(municipality_id) = 16),
    digest BLOB NOT NULL,
    session_id BLOB NOT NULL
        CONSTRAINT refresh_token_session_id_uuid CHECK (length(session_id) = 16),
    issued_at TEXT NOT NULL
        CONSTRAINT refresh_token_issued_at_time CHECK (issued_at GLOB '????-??-??T??:??:??.??????Z'),
    used_at TEXT
        CONSTRAINT refresh_token_used_at_time CHECK (used_at IS NULL OR used_at GLOB '????-??-??T??:??:??.??????Z'),
    successor BLOB
        CONSTRAINT refresh_token_successor_size CHECK (successor IS NULL OR length(successor) = 32),
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id, session_id) REFERENCES session (municipality_id, id)
) STRICT, WITHOUT ROWID;

-- An account begins with an invitation by an administrator, of which only the digest is kept.
ALTER TABLE user_account ADD COLUMN invitation BLOB;
ALTER TABLE user_account ADD COLUMN invited_until TEXT
    CONSTRAINT user_account_invited_until_time CHECK (invited_until IS NULL OR invited_until GLOB '????-??-??T??:??:??.??????Z');

-- The secret of an employee's one-time codes (RFC 6238), sealed under the key-encryption key; unconfirmed until a code has come back.
CREATE TABLE second_factor (
    municipality_id BLOB NOT NULL
        CONSTRAINT second_factor_municipality_id_uuid CHECK (length(municipality_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT second_factor_user_id_uuid CHECK (length(user_id) = 16),
    secret TEXT NOT NULL,
    confirmed_at TEXT
        CONSTRAINT second_factor_confirmed_at_time CHECK (confirmed_at IS NULL OR confirmed_at GLOB '????-??-??T??:??:??.??????Z'),
    last_step INTEGER NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT second_factor_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, user_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT;
