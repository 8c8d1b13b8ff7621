-- People and households. Names, national ids and contact data are sealed under a key of each person's own.

-- A natural person. Without `sealed_key` nothing in `sealed` can be read.
CREATE TABLE person (
    municipality_id BLOB NOT NULL
        CONSTRAINT person_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT person_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    born_on TEXT NOT NULL
        CONSTRAINT person_born_on_date CHECK (date(born_on) IS born_on),
    protection TEXT NOT NULL
        CONSTRAINT person_protection_code CHECK (protection IN ('UNGRADED', 'CLIENT_ADDRESS', 'CONFIDENTIAL', 'STRICTLY_CONFIDENTIAL')),
    sealed_key TEXT NOT NULL,
    sealed TEXT NOT NULL,
    national_id_index BLOB NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT person_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    death_known_at TEXT
        CONSTRAINT person_death_known_at_time CHECK (death_known_at IS NULL OR death_known_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX person_one_per_national_id ON person (municipality_id, national_id_index);
CREATE INDEX person_dead ON person (municipality_id, death_known_at) WHERE death_known_at IS NOT NULL;

-- Keyed digests of the words of a name, by which a person is found.
CREATE TABLE person_name (
    municipality_id BLOB NOT NULL
        CONSTRAINT person_name_municipality_id_uuid CHECK (length(municipality_id) = 16),
    token BLOB NOT NULL,
    person_id BLOB NOT NULL
        CONSTRAINT person_name_person_id_uuid CHECK (length(person_id) = 16),
    PRIMARY KEY (municipality_id, token, person_id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
) STRICT, WITHOUT ROWID;

-- People who will live together ("husstand").
CREATE TABLE household (
    municipality_id BLOB NOT NULL
        CONSTRAINT household_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT household_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
        CONSTRAINT household_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;

-- Who belongs to a household, and how many days in a fortnight a child lives there.
CREATE TABLE household_member (
    municipality_id BLOB NOT NULL
        CONSTRAINT household_member_municipality_id_uuid CHECK (length(municipality_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT household_member_household_id_uuid CHECK (length(household_id) = 16),
    person_id BLOB NOT NULL
        CONSTRAINT household_member_person_id_uuid CHECK (length(person_id) = 16),
    role TEXT NOT NULL
        CONSTRAINT household_member_role_code CHECK (role IN ('APPLICANT', 'CO_APPLICANT', 'CHILD', 'OTHER_ADULT')),
    residence_days INTEGER NOT NULL DEFAULT 14
        CONSTRAINT household_member_residence_days_range CHECK (residence_days BETWEEN 1 AND 14),
    PRIMARY KEY (municipality_id, household_id, person_id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX household_one_applicant ON household_member (municipality_id, household_id)
    WHERE role = 'APPLICANT';
CREATE INDEX household_member_by_person ON household_member (municipality_id, person_id);
