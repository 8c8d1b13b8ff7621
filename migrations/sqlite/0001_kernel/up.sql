-- Municipalities, sign-in, the audit log and the record of answered requests.

-- A municipality ("kommune") that uses this installation. Public facts only, hence readable before a tenant is known.
CREATE TABLE municipality (
    id BLOB NOT NULL
        CONSTRAINT municipality_id_uuid CHECK (length(id) = 16),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT municipality_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX municipality_number ON municipality (number);

-- An employee who may sign in.
CREATE TABLE user_account (
    municipality_id BLOB NOT NULL
        CONSTRAINT user_account_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT user_account_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled_at TEXT
        CONSTRAINT user_account_disabled_at_time CHECK (disabled_at IS NULL OR disabled_at GLOB '????-??-??T??:??:??.??????Z'),
    created_at TEXT NOT NULL
        CONSTRAINT user_account_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX user_account_username ON user_account (municipality_id, username);

-- Which municipality a user name belongs to: the only table read before the municipality is known.
CREATE TABLE sign_in_name (
    username TEXT NOT NULL,
    municipality_id BLOB NOT NULL
        CONSTRAINT sign_in_name_municipality_id_uuid CHECK (length(municipality_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT sign_in_name_user_id_uuid CHECK (length(user_id) = 16),
    PRIMARY KEY (username),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;

-- The roles that a user holds now.
CREATE TABLE user_role (
    municipality_id BLOB NOT NULL
        CONSTRAINT user_role_municipality_id_uuid CHECK (length(municipality_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT user_role_user_id_uuid CHECK (length(user_id) = 16),
    role TEXT NOT NULL
        CONSTRAINT user_role_role_code CHECK (role IN ('CASEWORKER', 'TEAM_MEMBER', 'DECISION_MAKER', 'HOUSING_MANAGER', 'APPEALS_OFFICER', 'NAV_ADVISOR', 'STATISTICIAN', 'AUDITOR', 'PRIVACY_OFFICER', 'ADMIN')),
    granted_at TEXT NOT NULL
        CONSTRAINT user_role_granted_at_time CHECK (granted_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, user_id, role),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;

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

-- The first answer to a request with an Idempotency-Key, written with its effect.
CREATE TABLE idempotency_record (
    municipality_id BLOB NOT NULL
        CONSTRAINT idempotency_record_municipality_id_uuid CHECK (length(municipality_id) = 16),
    actor_id BLOB NOT NULL
        CONSTRAINT idempotency_record_actor_id_uuid CHECK (length(actor_id) = 16),
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    etag_version INTEGER,
    location TEXT,
    created_at TEXT NOT NULL
        CONSTRAINT idempotency_record_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, actor_id, route, key)
) STRICT;
CREATE INDEX idempotency_record_by_age ON idempotency_record (municipality_id, created_at);

-- The append-only log. The body is canonical JSON (RFC 8785), and all that is kept of an entry.
CREATE TABLE audit_entry (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_entry_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT audit_entry_id_uuid CHECK (length(id) = 16),
    body TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id)
) STRICT;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'append_only:audit_entry'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'append_only:audit_entry'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE municipality_id = NEW.municipality_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_entry'); END;

-- The length and last hash of each case's gap-free chain.
CREATE TABLE audit_chain (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_chain_municipality_id_uuid CHECK (length(municipality_id) = 16),
    case_id BLOB NOT NULL
        CONSTRAINT audit_chain_case_id_uuid CHECK (length(case_id) = 16),
    length INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (municipality_id, case_id)
) STRICT, WITHOUT ROWID;
