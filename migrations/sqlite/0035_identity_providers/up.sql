-- Issuers that vouch for a municipality's employees (Entra ID, ID-porten, Ansattporten), and whom they know by which subject.

CREATE TABLE identity_provider (
    municipality_id BLOB NOT NULL
        CONSTRAINT identity_provider_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT identity_provider_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    issuer TEXT NOT NULL,
    audience TEXT NOT NULL,
    strong_acr TEXT NOT NULL
        CONSTRAINT identity_provider_strong_acr_json CHECK (json_valid(strong_acr)),
    created_at TEXT NOT NULL
        CONSTRAINT identity_provider_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    closed_at TEXT
        CONSTRAINT identity_provider_closed_at_time CHECK (closed_at IS NULL OR closed_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;

-- Which municipality a token is for. Read before the municipality is known.
CREATE TABLE issuer_audience (
    issuer TEXT NOT NULL,
    audience TEXT NOT NULL,
    municipality_id BLOB NOT NULL
        CONSTRAINT issuer_audience_municipality_id_uuid CHECK (length(municipality_id) = 16),
    provider_id BLOB NOT NULL
        CONSTRAINT issuer_audience_provider_id_uuid CHECK (length(provider_id) = 16),
    PRIMARY KEY (issuer, audience),
    FOREIGN KEY (municipality_id, provider_id) REFERENCES identity_provider (municipality_id, id)
) STRICT;

-- Which account belongs to whom an issuer knows by this subject.
CREATE TABLE federated_identity (
    municipality_id BLOB NOT NULL
        CONSTRAINT federated_identity_municipality_id_uuid CHECK (length(municipality_id) = 16),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL
        CONSTRAINT federated_identity_user_id_uuid CHECK (length(user_id) = 16),
    linked_at TEXT NOT NULL
        CONSTRAINT federated_identity_linked_at_time CHECK (linked_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, issuer, subject),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT;

-- Tokens of issuers that were exchanged for a sign-in: each works once.
CREATE TABLE exchanged_token (
    municipality_id BLOB NOT NULL
        CONSTRAINT exchanged_token_municipality_id_uuid CHECK (length(municipality_id) = 16),
    digest BLOB NOT NULL,
    expires_at TEXT NOT NULL
        CONSTRAINT exchanged_token_expires_at_time CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
