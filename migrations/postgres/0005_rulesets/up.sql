-- The municipality's allocation rules, as dated and numbered versions.

-- A version of the rules; never changed, only followed by the next.
CREATE TABLE rule_set (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    content jsonb NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT rule_set_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX rule_set_number ON rule_set (municipality_id, number);
SELECT rettbolig_isolate('rule_set');
GRANT SELECT, INSERT, UPDATE, DELETE ON rule_set TO rettbolig_app;
