-- Demolitions, and the residents who have a right to a permanent home before theirs is gone.

-- A plan to demolish ("rivingsplan").
CREATE TABLE demolition_plan (
    municipality_id BLOB NOT NULL
        CONSTRAINT demolition_plan_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT demolition_plan_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    measure_id BLOB
        CONSTRAINT demolition_plan_measure_id_uuid CHECK (measure_id IS NULL OR length(measure_id) = 16),
    state TEXT NOT NULL
        CONSTRAINT demolition_plan_state_code CHECK (state IN ('PLANNED', 'CANCELLED', 'CARRIED_OUT')),
    vacate_by TEXT NOT NULL
        CONSTRAINT demolition_plan_vacate_by_date CHECK (date(vacate_by) IS vacate_by),
    demolish_from TEXT NOT NULL
        CONSTRAINT demolition_plan_demolish_from_date CHECK (date(demolish_from) IS demolish_from),
    created_at TEXT NOT NULL
        CONSTRAINT demolition_plan_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT demolition_plan_order CHECK (vacate_by <= demolish_from),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id),
    FOREIGN KEY (municipality_id, measure_id) REFERENCES plan_measure (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX demolition_plan_name ON demolition_plan (municipality_id, name);

-- The homes that a plan takes. A home is in one plan that stands at most.
CREATE TABLE demolition_unit (
    municipality_id BLOB NOT NULL
        CONSTRAINT demolition_unit_municipality_id_uuid CHECK (length(municipality_id) = 16),
    plan_id BLOB NOT NULL
        CONSTRAINT demolition_unit_plan_id_uuid CHECK (length(plan_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT demolition_unit_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    stands INTEGER NOT NULL
        CONSTRAINT demolition_unit_stands_bool CHECK (stands IN (0, 1)),
    PRIMARY KEY (municipality_id, plan_id, dwelling_id),
    FOREIGN KEY (municipality_id, plan_id) REFERENCES demolition_plan (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX demolition_unit_once ON demolition_unit (municipality_id, dwelling_id)
    WHERE stands;

-- A household that lived in one of them when it was planned: it has a right to a permanent replacement ("erstatningsbolig").
CREATE TABLE demolition_resident (
    municipality_id BLOB NOT NULL
        CONSTRAINT demolition_resident_municipality_id_uuid CHECK (length(municipality_id) = 16),
    plan_id BLOB NOT NULL
        CONSTRAINT demolition_resident_plan_id_uuid CHECK (length(plan_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT demolition_resident_household_id_uuid CHECK (length(household_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT demolition_resident_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    tenancy_id BLOB NOT NULL
        CONSTRAINT demolition_resident_tenancy_id_uuid CHECK (length(tenancy_id) = 16),
    PRIMARY KEY (municipality_id, plan_id, household_id),
    FOREIGN KEY (municipality_id, plan_id) REFERENCES demolition_plan (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, tenancy_id) REFERENCES tenancy (municipality_id, id)
) STRICT;
CREATE INDEX demolition_resident_by_household ON demolition_resident (municipality_id, household_id);
