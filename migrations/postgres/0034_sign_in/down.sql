DROP TABLE second_factor;
ALTER TABLE user_account DROP COLUMN invited_until;
ALTER TABLE user_account DROP COLUMN invitation;
DROP TABLE refresh_token;
DROP TABLE session;

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
