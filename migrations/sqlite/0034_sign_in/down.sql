DROP TABLE second_factor;
ALTER TABLE user_account DROP COLUMN invited_until;
ALTER TABLE user_account DROP COLUMN invitation;
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
    expires_at TEXT NOT NULL
        CONSTRAINT session_expires_at_time CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_at TEXT
        CONSTRAINT session_ended_at_time CHECK (ended_at IS NULL OR ended_at GLOB '????-??-??T??:??:??.??????Z'),
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
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id, session_id) REFERENCES session (municipality_id, id)
) STRICT, WITHOUT ROWID;
