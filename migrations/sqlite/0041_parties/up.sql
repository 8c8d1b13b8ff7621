-- Who speaks for a party.

-- Somebody who acts for a party in a case: a representative ("fullmektig") or a guardian ("verge").
CREATE TABLE representation (
    municipality_id BLOB NOT NULL
        CONSTRAINT representation_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT representation_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    application_id BLOB NOT NULL
        CONSTRAINT representation_application_id_uuid CHECK (length(application_id) = 16),
    represented_id BLOB NOT NULL
        CONSTRAINT representation_represented_id_uuid CHECK (length(represented_id) = 16),
    representative_id BLOB NOT NULL
        CONSTRAINT representation_representative_id_uuid CHECK (length(representative_id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT representation_kind_code CHECK (kind IN ('REPRESENTATIVE', 'GUARDIAN')),
    scope TEXT NOT NULL
        CONSTRAINT representation_scope_json CHECK (json_valid(scope)),
    proof TEXT NOT NULL
        CONSTRAINT representation_proof_code CHECK (proof IN ('WRITTEN_AUTHORITY', 'LAWYER', 'GUARDIANSHIP_CERTIFICATE')),
    valid_from TEXT NOT NULL
        CONSTRAINT representation_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT representation_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    withdrawn_at TEXT
        CONSTRAINT representation_withdrawn_at_time CHECK (withdrawn_at IS NULL OR withdrawn_at GLOB '????-??-??T??:??:??.??????Z'),
    recorded_by BLOB NOT NULL
        CONSTRAINT representation_recorded_by_uuid CHECK (length(recorded_by) = 16),
    recorded_at TEXT NOT NULL
        CONSTRAINT representation_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT representation_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
    CONSTRAINT representation_of_another CHECK (represented_id <> representative_id),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, represented_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, representative_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, recorded_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE INDEX representation_by_application ON representation (municipality_id, application_id);
