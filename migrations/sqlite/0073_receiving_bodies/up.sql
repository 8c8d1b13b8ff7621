-- Bodies that may be responsible instead of the municipality, and the cases that were sent to them.

CREATE TABLE receiving_body (
    municipality_id BLOB NOT NULL
        CONSTRAINT receiving_body_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT receiving_body_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT receiving_body_kind_code CHECK (kind IN ('OTHER_MUNICIPALITY', 'NAV', 'CARE_ALLOTMENT', 'HUSBANKEN', 'OTHER')),
    name TEXT NOT NULL,
    valid_from TEXT NOT NULL
        CONSTRAINT receiving_body_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT receiving_body_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    CONSTRAINT receiving_body_period CHECK (valid_until IS NULL OR valid_until >= valid_from),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX receiving_body_one_of_a_name ON receiving_body (municipality_id, name)
    WHERE valid_until IS NULL;

CREATE TABLE case_forwarding (
    municipality_id BLOB NOT NULL
        CONSTRAINT case_forwarding_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT case_forwarding_application_id_uuid CHECK (length(application_id) = 16),
    body_id BLOB NOT NULL
        CONSTRAINT case_forwarding_body_id_uuid CHECK (length(body_id) = 16),
    -- What the body was called then.
    body_name TEXT NOT NULL,
    forwarded_by BLOB NOT NULL
        CONSTRAINT case_forwarding_forwarded_by_uuid CHECK (length(forwarded_by) = 16),
    forwarded_at TEXT NOT NULL
        CONSTRAINT case_forwarding_forwarded_at_time CHECK (forwarded_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, body_id) REFERENCES receiving_body (municipality_id, id),
    FOREIGN KEY (municipality_id, forwarded_by) REFERENCES user_account (municipality_id, id)
) STRICT;
