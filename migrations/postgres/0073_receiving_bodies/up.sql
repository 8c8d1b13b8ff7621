-- Bodies that may be responsible instead of the municipality, and the cases that were sent to them.

CREATE TABLE receiving_body (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL
        CONSTRAINT receiving_body_kind_code CHECK (kind IN ('OTHER_MUNICIPALITY', 'NAV', 'CARE_ALLOTMENT', 'HUSBANKEN', 'OTHER')),
    name text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    CONSTRAINT receiving_body_period CHECK (valid_until IS NULL OR valid_until >= valid_from),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX receiving_body_one_of_a_name ON receiving_body (municipality_id, name)
    WHERE valid_until IS NULL;
SELECT rettbolig_isolate('receiving_body');
GRANT SELECT, INSERT, UPDATE, DELETE ON receiving_body TO rettbolig_app;

CREATE TABLE case_forwarding (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    body_id uuid NOT NULL,
    -- What the body was called then.
    body_name text NOT NULL,
    forwarded_by uuid NOT NULL,
    forwarded_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, body_id) REFERENCES receiving_body (municipality_id, id),
    FOREIGN KEY (municipality_id, forwarded_by) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('case_forwarding');
GRANT SELECT, INSERT, UPDATE, DELETE ON case_forwarding TO rettbolig_app;
