-- People and households. Names, national ids and contact data are sealed under a key of each person's own.

-- A natural person. Without `sealed_key` nothing in `sealed` can be read.
CREATE TABLE person (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    born_on date NOT NULL,
    protection text NOT NULL
        CONSTRAINT person_protection_code CHECK (protection IN ('UNGRADED', 'CLIENT_ADDRESS', 'CONFIDENTIAL', 'STRICTLY_CONFIDENTIAL')),
    sealed_key text NOT NULL,
    sealed text NOT NULL,
    national_id_index bytea NOT NULL,
    created_at timestamptz NOT NULL,
    death_known_at timestamptz,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX person_one_per_national_id ON person (municipality_id, national_id_index);
CREATE INDEX person_dead ON person (municipality_id, death_known_at) WHERE death_known_at IS NOT NULL;
SELECT rettbolig_isolate('person');
GRANT SELECT, INSERT, UPDATE, DELETE ON person TO rettbolig_app;

-- Keyed digests of the words of a name, by which a person is found.
CREATE TABLE person_name (
    municipality_id uuid NOT NULL,
    token bytea NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, token, person_id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
);
SELECT rettbolig_isolate('person_name');
GRANT SELECT, INSERT, UPDATE, DELETE ON person_name TO rettbolig_app;

-- People who will live together ("husstand").
CREATE TABLE household (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('household');
GRANT SELECT, INSERT, UPDATE, DELETE ON household TO rettbolig_app;

-- Who belongs to a household, and how many days in a fortnight a child lives there.
CREATE TABLE household_member (
    municipality_id uuid NOT NULL,
    household_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL
        CONSTRAINT household_member_role_code CHECK (role IN ('APPLICANT', 'CO_APPLICANT', 'CHILD', 'OTHER_ADULT')),
    residence_days smallint NOT NULL DEFAULT 14
        CONSTRAINT household_member_residence_days_range CHECK (residence_days BETWEEN 1 AND 14),
    PRIMARY KEY (municipality_id, household_id, person_id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
);
CREATE UNIQUE INDEX household_one_applicant ON household_member (municipality_id, household_id)
    WHERE role = 'APPLICANT';
CREATE INDEX household_member_by_person ON household_member (municipality_id, person_id);
SELECT rettbolig_isolate('household_member');
GRANT SELECT, INSERT, UPDATE, DELETE ON household_member TO rettbolig_app;
