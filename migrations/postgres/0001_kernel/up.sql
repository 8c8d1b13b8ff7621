-- Municipalities, sign-in, the audit log and the record of answered requests.

-- The service works under this role: it owns nothing, and row-level security binds it.
DO $$ BEGIN
    CREATE ROLE rettbolig_app NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    -- Another database of the same server made it already.
    NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('GRANT rettbolig_app TO %I', current_user);
END $$;
GRANT USAGE ON SCHEMA public TO rettbolig_app;

-- Keeps each municipality's rows to itself. Without the setting there are no rows at all.
CREATE FUNCTION rettbolig_isolate(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
        'CREATE POLICY own_municipality ON %I
            USING (municipality_id = nullif(current_setting(''app.municipality'', true), '''')::uuid)
            WITH CHECK (municipality_id = nullif(current_setting(''app.municipality'', true), '''')::uuid)',
        table_name);
END $$;

CREATE FUNCTION rettbolig_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append_only:%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- A municipality ("kommune") that uses this installation. Public facts only, hence readable before a tenant is known.
CREATE TABLE municipality (
    id uuid NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX municipality_number ON municipality (number);
GRANT SELECT, INSERT, UPDATE, DELETE ON municipality TO rettbolig_app;

-- An employee who may sign in.
CREATE TABLE user_account (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    username text NOT NULL,
    display_name text NOT NULL,
    password_hash text NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX user_account_username ON user_account (municipality_id, username);
SELECT rettbolig_isolate('user_account');
GRANT SELECT, INSERT, UPDATE, DELETE ON user_account TO rettbolig_app;

-- Which municipality a user name belongs to: the only table read before the municipality is known.
CREATE TABLE sign_in_name (
    username text NOT NULL,
    municipality_id uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (username),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_name TO rettbolig_app;

-- The roles that a user holds now.
CREATE TABLE user_role (
    municipality_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL
        CONSTRAINT user_role_role_code CHECK (role IN ('CASEWORKER', 'TEAM_MEMBER', 'DECISION_MAKER', 'HOUSING_MANAGER', 'APPEALS_OFFICER', 'NAV_ADVISOR', 'STATISTICIAN', 'AUDITOR', 'PRIVACY_OFFICER', 'ADMIN')),
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, user_id, role),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('user_role');
GRANT SELECT, INSERT, UPDATE, DELETE ON user_role TO rettbolig_app;

-- A sign-in. Ending it stops every token that was made from it.
CREATE TABLE session (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
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
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id, session_id) REFERENCES session (municipality_id, id)
);
SELECT rettbolig_isolate('refresh_token');
GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_token TO rettbolig_app;

-- The first answer to a request with an Idempotency-Key, written with its effect.
CREATE TABLE idempotency_record (
    municipality_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint NOT NULL,
    body text NOT NULL,
    etag_version integer,
    location text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, actor_id, route, key)
);
CREATE INDEX idempotency_record_by_age ON idempotency_record (municipality_id, created_at);
SELECT rettbolig_isolate('idempotency_record');
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_record TO rettbolig_app;

-- The append-only log. The body is canonical JSON (RFC 8785), and all that is kept of an entry.
CREATE TABLE audit_entry (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (municipality_id, id)
);
SELECT rettbolig_isolate('audit_entry');
GRANT SELECT, INSERT ON audit_entry TO rettbolig_app;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- The length and last hash of each case's gap-free chain.
CREATE TABLE audit_chain (
    municipality_id uuid NOT NULL,
    case_id uuid NOT NULL,
    length bigint NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (municipality_id, case_id)
);
SELECT rettbolig_isolate('audit_chain');
GRANT SELECT, INSERT, UPDATE ON audit_chain TO rettbolig_app;
