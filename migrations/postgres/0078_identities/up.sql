-- Whom the digests of employees and of those whom they declared stand for, sealed under the key-encryption key: by nothing else could
-- another index key take over.

CREATE TABLE known_identity (
    municipality_id uuid NOT NULL,
    digest bytea NOT NULL
        CONSTRAINT known_identity_digest_size CHECK (length(digest) = 32),
    sealed text NOT NULL,
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('known_identity');
GRANT SELECT, INSERT, UPDATE, DELETE ON known_identity TO rettbolig_app;
