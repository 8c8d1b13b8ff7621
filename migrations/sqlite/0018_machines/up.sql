-- Organisations whose programs may call, and the agreements by which they do.

-- An organisation that has or had an agreement. Read before the municipality is known; it names organisations only.
CREATE TABLE machine_client (
    organisation_number TEXT NOT NULL
        CONSTRAINT machine_client_organisation_number_form
        CHECK (organisation_number GLOB '[89][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    municipality_id BLOB NOT NULL
        CONSTRAINT machine_client_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT machine_client_id_uuid CHECK (length(id) = 16),
    PRIMARY KEY (organisation_number, municipality_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX machine_client_id ON machine_client (municipality_id, id);

-- An agreement by which an organisation's programs may see or do something ("databehandleravtale", "utleveringsavtale").
CREATE TABLE data_agreement (
    municipality_id BLOB NOT NULL
        CONSTRAINT data_agreement_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT data_agreement_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    client_id BLOB NOT NULL
        CONSTRAINT data_agreement_client_id_uuid CHECK (length(client_id) = 16),
    organisation_number TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL
        CONSTRAINT data_agreement_scopes_json CHECK (json_valid(scopes)),
    valid_from TEXT NOT NULL
        CONSTRAINT data_agreement_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT data_agreement_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    created_at TEXT NOT NULL
        CONSTRAINT data_agreement_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT data_agreement_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, client_id) REFERENCES machine_client (municipality_id, id)
) STRICT;
CREATE INDEX data_agreement_by_client ON data_agreement (municipality_id, client_id);
