-- Who speaks for a party.

-- Somebody who acts for a party in a case: a representative ("fullmektig") or a guardian ("verge").
CREATE TABLE representation (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    application_id uuid NOT NULL,
    represented_id uuid NOT NULL,
    representative_id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT representation_kind_code CHECK (kind IN ('REPRESENTATIVE', 'GUARDIAN')),
    scope jsonb NOT NULL,
    proof text NOT NULL
        CONSTRAINT representation_proof_code CHECK (proof IN ('WRITTEN_AUTHORITY', 'LAWYER', 'GUARDIANSHIP_CERTIFICATE')),
    valid_from date NOT NULL,
    valid_until date,
    withdrawn_at timestamptz,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT representation_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
    CONSTRAINT representation_of_another CHECK (represented_id <> representative_id),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, represented_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, representative_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, recorded_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX representation_by_application ON representation (municipality_id, application_id);
SELECT rettbolig_isolate('representation');
GRANT SELECT, INSERT, UPDATE, DELETE ON representation TO rettbolig_app;
