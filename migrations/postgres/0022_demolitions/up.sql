-- Demolitions, and the residents who have a right to a permanent home before theirs is gone.

-- A plan to demolish ("rivingsplan").
CREATE TABLE demolition_plan (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    name text NOT NULL,
    measure_id uuid,
    state text NOT NULL
        CONSTRAINT demolition_plan_state_code CHECK (state IN ('PLANNED', 'CANCELLED', 'CARRIED_OUT')),
    vacate_by date NOT NULL,
    demolish_from date NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT demolition_plan_order CHECK (vacate_by <= demolish_from),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id),
    FOREIGN KEY (municipality_id, measure_id) REFERENCES plan_measure (municipality_id, id)
);
CREATE UNIQUE INDEX demolition_plan_name ON demolition_plan (municipality_id, name);
SELECT rettbolig_isolate('demolition_plan');
GRANT SELECT, INSERT, UPDATE ON demolition_plan TO rettbolig_app;

-- The homes that a plan takes. A home is in one plan that stands at most.
CREATE TABLE demolition_unit (
    municipality_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    stands boolean NOT NULL,
    PRIMARY KEY (municipality_id, plan_id, dwelling_id),
    FOREIGN KEY (municipality_id, plan_id) REFERENCES demolition_plan (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE UNIQUE INDEX demolition_unit_once ON demolition_unit (municipality_id, dwelling_id)
    WHERE stands;
SELECT rettbolig_isolate('demolition_unit');
GRANT SELECT, INSERT, UPDATE ON demolition_unit TO rettbolig_app;

-- A household that lived in one of them when it was planned: it has a right to a permanent replacement ("erstatningsbolig").
CREATE TABLE demolition_resident (
    municipality_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    household_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    tenancy_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, plan_id, household_id),
    FOREIGN KEY (municipality_id, plan_id) REFERENCES demolition_plan (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, tenancy_id) REFERENCES tenancy (municipality_id, id)
);
CREATE INDEX demolition_resident_by_household ON demolition_resident (municipality_id, household_id);
SELECT rettbolig_isolate('demolition_resident');
GRANT SELECT, INSERT ON demolition_resident TO rettbolig_app;
