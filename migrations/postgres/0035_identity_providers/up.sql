-- Issuers that vouch for a municipality's employees (Entra ID, ID-porten, Ansattporten), and whom they know by which subject.

CREATE TABLE identity_provider (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    issuer text NOT NULL,
    audience text NOT NULL,
    strong_acr jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('identity_provider');
GRANT SELECT, INSERT, UPDATE ON identity_provider TO rettbolig_app;

-- Which municipality a token is for. Read before the municipality is known, hence no row-level security.
CREATE TABLE issuer_audience (
    issuer text NOT NULL,
    audience text NOT NULL,
    municipality_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    PRIMARY KEY (issuer, audience),
    FOREIGN KEY (municipality_id, provider_id) REFERENCES identity_provider (municipality_id, id)
);
GRANT SELECT, INSERT, DELETE ON issuer_audience TO rettbolig_app;

-- Which account belongs to whom an issuer knows by this subject.
CREATE TABLE federated_identity (
    municipality_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, issuer, subject),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('federated_identity');
GRANT SELECT, INSERT, DELETE ON federated_identity TO rettbolig_app;

-- Tokens of issuers that were exchanged for a sign-in: each works once.
CREATE TABLE exchanged_token (
    municipality_id uuid NOT NULL,
    digest bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('exchanged_token');
GRANT SELECT, INSERT, DELETE ON exchanged_token TO rettbolig_app;
