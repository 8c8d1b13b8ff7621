-- Who may see which case: units, leaders, clearances, declared relations, NAV's clients.

-- A team of the municipality that handles cases ("enhet"). Cases that nobody has sent anywhere else are the intake unit's.
CREATE TABLE unit (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    name text NOT NULL,
    is_intake boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX unit_name ON unit (municipality_id, name);
CREATE UNIQUE INDEX unit_one_intake ON unit (municipality_id) WHERE is_intake;
SELECT rettbolig_isolate('unit');
GRANT SELECT, INSERT, UPDATE, DELETE ON unit TO rettbolig_app;

-- Who works in which unit.
CREATE TABLE unit_member (
    municipality_id uuid NOT NULL,
    user_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, user_id, unit_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, unit_id) REFERENCES unit (municipality_id, id)
);
CREATE INDEX unit_member_by_unit ON unit_member (municipality_id, unit_id, user_id);
SELECT rettbolig_isolate('unit_member');
GRANT SELECT, INSERT, UPDATE, DELETE ON unit_member TO rettbolig_app;

-- Whom an employee answers to, and up to which grade of address protection the employee is cleared. No row: to nobody, and none.
CREATE TABLE employee (
    municipality_id uuid NOT NULL,
    user_id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    leader_id uuid,
    clearance text
        CONSTRAINT employee_clearance_code CHECK (clearance IN ('CLIENT_ADDRESS', 'CONFIDENTIAL', 'STRICTLY_CONFIDENTIAL')),
    CONSTRAINT employee_not_own_leader CHECK (leader_id IS NULL OR leader_id <> user_id),
    PRIMARY KEY (municipality_id, user_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, leader_id) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX employee_by_leader ON employee (municipality_id, leader_id);
SELECT rettbolig_isolate('employee');
GRANT SELECT, INSERT, UPDATE, DELETE ON employee TO rettbolig_app;

-- Whom an employee is too close to (forvaltningsloven § 6): by the blind index of the national id, so that nobody need be registered.
CREATE TABLE declared_relation (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    person_index bytea NOT NULL,
    kind text NOT NULL
        CONSTRAINT declared_relation_kind_code CHECK (kind IN ('PARTNER', 'LINE', 'SIDE_LINE', 'FOSTER', 'GUARDIAN', 'MANAGES_PARTY', 'CLOSE_FRIEND', 'OTHER')),
    declared_at timestamptz NOT NULL,
    declared_by uuid NOT NULL,
    ended_at timestamptz,
    CONSTRAINT declared_relation_person_index_size CHECK (length(person_index) = 32),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, declared_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX declared_relation_by_user ON declared_relation (municipality_id, user_id) WHERE ended_at IS NULL;
SELECT rettbolig_isolate('declared_relation');
GRANT SELECT, INSERT, UPDATE, DELETE ON declared_relation TO rettbolig_app;

-- Whose adviser at NAV an employee is.
CREATE TABLE nav_client (
    municipality_id uuid NOT NULL,
    user_id uuid NOT NULL,
    person_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, user_id, person_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
);
CREATE INDEX nav_client_by_person ON nav_client (municipality_id, person_id);
SELECT rettbolig_isolate('nav_client');
GRANT SELECT, INSERT, UPDATE, DELETE ON nav_client TO rettbolig_app;

-- Which unit handles a case: each case has one row.
CREATE TABLE case_unit (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, unit_id) REFERENCES unit (municipality_id, id)
);
CREATE INDEX case_unit_by_unit ON case_unit (municipality_id, unit_id, application_id);
SELECT rettbolig_isolate('case_unit');
GRANT SELECT, INSERT, UPDATE, DELETE ON case_unit TO rettbolig_app;

-- An employee by who they are as a person.
CREATE INDEX user_account_by_person ON user_account (municipality_id, person_index) WHERE person_index IS NOT NULL;
