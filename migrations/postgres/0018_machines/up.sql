-- Organisations whose programs may call, and the agreements by which they do.

-- An organisation that has or had an agreement. Read before the municipality is known, hence no row-level security; it names organisations only.
CREATE TABLE machine_client (
    organisation_number text NOT NULL
        CONSTRAINT machine_client_organisation_number_form CHECK (organisation_number ~ '^[89][0-9]{8}$'),
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    PRIMARY KEY (organisation_number, municipality_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX machine_client_id ON machine_client (municipality_id, id);
GRANT SELECT, INSERT ON machine_client TO rettbolig_app;

-- An agreement by which an organisation's programs may see or do something ("databehandleravtale", "utleveringsavtale").
CREATE TABLE data_agreement (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    client_id uuid NOT NULL,
    organisation_number text NOT NULL,
    name text NOT NULL,
    scopes jsonb NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    created_at timestamptz NOT NULL,
    CONSTRAINT data_agreement_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, client_id) REFERENCES machine_client (municipality_id, id)
);
CREATE INDEX data_agreement_by_client ON data_agreement (municipality_id, client_id);
SELECT rettbolig_isolate('data_agreement');
GRANT SELECT, INSERT, UPDATE ON data_agreement TO rettbolig_app;
