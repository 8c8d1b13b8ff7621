-- Homes held for households, and leases.

-- A home held for a household, from the decision until the tenancy ends ("tildeling").
CREATE TABLE allocation (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    household_id uuid NOT NULL,
    application_id uuid,
    decision_id uuid,
    state text NOT NULL
        CONSTRAINT allocation_state_code CHECK (state IN ('ACTIVE', 'ENDED')),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
);
CREATE UNIQUE INDEX allocation_one_per_dwelling ON allocation (municipality_id, dwelling_id)
    WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX allocation_one_per_household ON allocation (municipality_id, household_id)
    WHERE state = 'ACTIVE';
SELECT rettbolig_isolate('allocation');
GRANT SELECT, INSERT, UPDATE, DELETE ON allocation TO rettbolig_app;

-- A tenancy ("leieforhold"); `agreed_until` is the end that the lease names, `ended_on` the day it really ended.
CREATE TABLE tenancy (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    allocation_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    household_id uuid NOT NULL,
    state text NOT NULL
        CONSTRAINT tenancy_state_code CHECK (state IN ('ACTIVE', 'ENDED')),
    starts_on date NOT NULL,
    agreed_until date NOT NULL,
    ended_on date,
    rent_ore bigint NOT NULL
        CONSTRAINT tenancy_rent_ore_range CHECK (rent_ore >= 0),
    CONSTRAINT tenancy_period CHECK (starts_on < agreed_until),
    CONSTRAINT tenancy_ended CHECK ((state = 'ENDED') = (ended_on IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, allocation_id) REFERENCES allocation (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id)
);
CREATE UNIQUE INDEX tenancy_one_per_dwelling ON tenancy (municipality_id, dwelling_id)
    WHERE state = 'ACTIVE';
CREATE INDEX tenancy_by_household ON tenancy (municipality_id, household_id);
CREATE INDEX tenancy_by_end ON tenancy (municipality_id, state, agreed_until);
SELECT rettbolig_isolate('tenancy');
GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy TO rettbolig_app;
