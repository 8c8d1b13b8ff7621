-- Whom the digests of employees and of those whom they declared stand for, sealed under the key-encryption key: by nothing else could
-- another index key take over.

CREATE TABLE known_identity (
    municipality_id BLOB NOT NULL
        CONSTRAINT known_identity_municipality_id_uuid CHECK (length(municipality_id) = 16),
    digest BLOB NOT NULL
        CONSTRAINT known_identity_digest_size CHECK (length(digest) = 32),
    sealed TEXT NOT NULL,
    PRIMARY KEY (municipality_id, digest),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
