-- The municipality's allocation rules, as dated and numbered versions.

-- A version of the rules; never changed, only followed by the next.
CREATE TABLE rule_set (
    municipality_id BLOB NOT NULL
        CONSTRAINT rule_set_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT rule_set_id_uuid CHECK (length(id) = 16),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    valid_from TEXT NOT NULL
        CONSTRAINT rule_set_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT rule_set_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    content TEXT NOT NULL
        CONSTRAINT rule_set_content_json CHECK (json_valid(content)),
    sha256 BLOB NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT rule_set_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT rule_set_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX rule_set_number ON rule_set (municipality_id, number);
