-- Who may see which case: units, leaders, clearances, declared relations, NAV's clients.

-- A team of the municipality that handles cases ("enhet"). Cases that nobody has sent anywhere else are the intake unit's.
CREATE TABLE unit (
    municipality_id BLOB NOT NULL
        CONSTRAINT unit_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT unit_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    is_intake INTEGER NOT NULL
        CONSTRAINT unit_is_intake_bool CHECK (is_intake IN (0, 1)),
    created_at TEXT NOT NULL
        CONSTRAINT unit_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX unit_name ON unit (municipality_id, name);
CREATE UNIQUE INDEX unit_one_intake ON unit (municipality_id) WHERE is_intake = 1;

-- Who works in which unit.
CREATE TABLE unit_member (
    municipality_id BLOB NOT NULL
        CONSTRAINT unit_member_municipality_id_uuid CHECK (length(municipality_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT unit_member_user_id_uuid CHECK (length(user_id) = 16),
    unit_id BLOB NOT NULL
        CONSTRAINT unit_member_unit_id_uuid CHECK (length(unit_id) = 16),
    since TEXT NOT NULL
        CONSTRAINT unit_member_since_time CHECK (since GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, user_id, unit_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, unit_id) REFERENCES unit (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_member_by_unit ON unit_member (municipality_id, unit_id, user_id);

-- Whom an employee answers to, and up to which grade of address protection the employee is cleared. No row: to nobody, and none.
CREATE TABLE employee (
    municipality_id BLOB NOT NULL
        CONSTRAINT employee_municipality_id_uuid CHECK (length(municipality_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT employee_user_id_uuid CHECK (length(user_id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    leader_id BLOB
        CONSTRAINT employee_leader_id_uuid CHECK (leader_id IS NULL OR length(leader_id) = 16),
    clearance TEXT
        CONSTRAINT employee_clearance_code CHECK (clearance IN ('CLIENT_ADDRESS', 'CONFIDENTIAL', 'STRICTLY_CONFIDENTIAL')),
    CONSTRAINT employee_not_own_leader CHECK (leader_id IS NULL OR leader_id <> user_id),
    PRIMARY KEY (municipality_id, user_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, leader_id) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX employee_by_leader ON employee (municipality_id, leader_id);

-- Whom an employee is too close to (forvaltningsloven § 6): by the blind index of the national id, so that nobody need be registered.
CREATE TABLE declared_relation (
    municipality_id BLOB NOT NULL
        CONSTRAINT declared_relation_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT declared_relation_id_uuid CHECK (length(id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT declared_relation_user_id_uuid CHECK (length(user_id) = 16),
    person_index BLOB NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT declared_relation_kind_code CHECK (kind IN ('PARTNER', 'LINE', 'SIDE_LINE', 'FOSTER', 'GUARDIAN', 'MANAGES_PARTY', 'CLOSE_FRIEND', 'OTHER')),
    declared_at TEXT NOT NULL
        CONSTRAINT declared_relation_declared_at_time CHECK (declared_at GLOB '????-??-??T??:??:??.??????Z'),
    declared_by BLOB NOT NULL
        CONSTRAINT declared_relation_declared_by_uuid CHECK (length(declared_by) = 16),
    ended_at TEXT
        CONSTRAINT declared_relation_ended_at_time CHECK (ended_at IS NULL OR ended_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT declared_relation_person_index_size CHECK (length(person_index) = 32),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, declared_by) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX declared_relation_by_user ON declared_relation (municipality_id, user_id) WHERE ended_at IS NULL;

-- Whose adviser at NAV an employee is.
CREATE TABLE nav_client (
    municipality_id BLOB NOT NULL
        CONSTRAINT nav_client_municipality_id_uuid CHECK (length(municipality_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT nav_client_user_id_uuid CHECK (length(user_id) = 16),
    person_id BLOB NOT NULL
        CONSTRAINT nav_client_person_id_uuid CHECK (length(person_id) = 16),
    since TEXT NOT NULL
        CONSTRAINT nav_client_since_time CHECK (since GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, user_id, person_id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX nav_client_by_person ON nav_client (municipality_id, person_id);

-- Which unit handles a case: each case has one row.
CREATE TABLE case_unit (
    municipality_id BLOB NOT NULL
        CONSTRAINT case_unit_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT case_unit_application_id_uuid CHECK (length(application_id) = 16),
    unit_id BLOB NOT NULL
        CONSTRAINT case_unit_unit_id_uuid CHECK (length(unit_id) = 16),
    since TEXT NOT NULL
        CONSTRAINT case_unit_since_time CHECK (since GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, unit_id) REFERENCES unit (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_unit_by_unit ON case_unit (municipality_id, unit_id, application_id);

-- An employee by who they are as a person.
CREATE INDEX user_account_by_person ON user_account (municipality_id, person_index) WHERE person_index IS NOT NULL;
