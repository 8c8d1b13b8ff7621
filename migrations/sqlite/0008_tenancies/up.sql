-- Homes held for households, and leases.

-- A home held for a household, from the decision until the tenancy ends ("tildeling").
CREATE TABLE allocation (
    municipality_id BLOB NOT NULL
        CONSTRAINT allocation_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT allocation_id_uuid CHECK (length(id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT allocation_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT allocation_household_id_uuid CHECK (length(household_id) = 16),
    application_id BLOB
        CONSTRAINT allocation_application_id_uuid CHECK (application_id IS NULL OR length(application_id) = 16),
    decision_id BLOB
        CONSTRAINT allocation_decision_id_uuid CHECK (decision_id IS NULL OR length(decision_id) = 16),
    state TEXT NOT NULL
        CONSTRAINT allocation_state_code CHECK (state IN ('ACTIVE', 'ENDED')),
    created_at TEXT NOT NULL
        CONSTRAINT allocation_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_at TEXT
        CONSTRAINT allocation_ended_at_time CHECK (ended_at IS NULL OR ended_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX allocation_one_per_dwelling ON allocation (municipality_id, dwelling_id)
    WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX allocation_one_per_household ON allocation (municipality_id, household_id)
    WHERE state = 'ACTIVE';

-- A tenancy ("leieforhold"); `agreed_until` is the end that the lease names, `ended_on` the day it really ended.
CREATE TABLE tenancy (
    municipality_id BLOB NOT NULL
        CONSTRAINT tenancy_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT tenancy_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    allocation_id BLOB NOT NULL
        CONSTRAINT tenancy_allocation_id_uuid CHECK (length(allocation_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT tenancy_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT tenancy_household_id_uuid CHECK (length(household_id) = 16),
    state TEXT NOT NULL
        CONSTRAINT tenancy_state_code CHECK (state IN ('ACTIVE', 'ENDED')),
    starts_on TEXT NOT NULL
        CONSTRAINT tenancy_starts_on_date CHECK (date(starts_on) IS starts_on),
    agreed_until TEXT NOT NULL
        CONSTRAINT tenancy_agreed_until_date CHECK (date(agreed_until) IS agreed_until),
    ended_on TEXT
        CONSTRAINT tenancy_ended_on_date CHECK (ended_on IS NULL OR date(ended_on) IS ended_on),
    rent_ore INTEGER NOT NULL
        CONSTRAINT tenancy_rent_ore_range CHECK (rent_ore >= 0),
    CONSTRAINT tenancy_period CHECK (starts_on < agreed_until),
    CONSTRAINT tenancy_ended CHECK ((state = 'ENDED') = (ended_on IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, allocation_id) REFERENCES allocation (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX tenancy_one_per_dwelling ON tenancy (municipality_id, dwelling_id)
    WHERE state = 'ACTIVE';
CREATE INDEX tenancy_by_household ON tenancy (municipality_id, household_id);
CREATE INDEX tenancy_by_end ON tenancy (municipality_id, state, agreed_until);
