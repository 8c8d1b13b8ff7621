-- The housing stock and the measures of the housing plan that add to it.

-- A measure of the housing plan ("tiltak").
CREATE TABLE plan_measure (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    unit_count integer,
    responsible text NOT NULL,
    deadline text NOT NULL,
    financing text NOT NULL,
    category text
        CONSTRAINT plan_measure_category_code CHECK (category IN ('ORDINARY', 'BEDSIT', 'ROBUST', 'ROBUST_CARE', 'TEST', 'TRAINING', 'CARE', 'SHARED_HOUSING', 'ROUND_THE_CLOCK_CARE', 'ASSISTED_SENIOR', 'YOUTH_15_25', 'CHILD_RESPITE', 'CRISIS_DIVERSION', 'TEMPORARY', 'REPLACEMENT')),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX plan_measure_number ON plan_measure (municipality_id, number);
SELECT rettbolig_isolate('plan_measure');
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_measure TO rettbolig_app;

-- A lettable unit ("utleieenhet").
CREATE TABLE dwelling (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    cadastral_id text NOT NULL,
    unit_number text NOT NULL,
    extra_reference text NOT NULL DEFAULT '',
    street_address text NOT NULL,
    postal_code text NOT NULL,
    postal_place text NOT NULL,
    area text NOT NULL,
    category text NOT NULL
        CONSTRAINT dwelling_category_code CHECK (category IN ('ORDINARY', 'BEDSIT', 'ROBUST', 'ROBUST_CARE', 'TEST', 'TRAINING', 'CARE', 'SHARED_HOUSING', 'ROUND_THE_CLOCK_CARE', 'ASSISTED_SENIOR', 'YOUTH_15_25', 'CHILD_RESPITE', 'CRISIS_DIVERSION', 'TEMPORARY', 'REPLACEMENT')),
    tenure text NOT NULL
        CONSTRAINT dwelling_tenure_code CHECK (tenure IN ('OWNED', 'LEASED_IN', 'PRIVATE_WITH_RIGHT', 'COOP_SHARE')),
    state text NOT NULL
        CONSTRAINT dwelling_state_code CHECK (state IN ('PLANNED', 'UNDER_CONSTRUCTION', 'AVAILABLE', 'RESERVED', 'ALLOCATED', 'OCCUPIED', 'NOTICE_GIVEN', 'TURNOVER', 'UNDER_REPAIR', 'BLOCKED', 'DEMOLITION_PLANNED', 'DISPOSED')),
    state_since date NOT NULL,
    bedrooms smallint NOT NULL
        CONSTRAINT dwelling_bedrooms_range CHECK (bedrooms BETWEEN 0 AND 20),
    usable_area_m2 integer NOT NULL
        CONSTRAINT dwelling_usable_area_m2_range CHECK (usable_area_m2 BETWEEN 1 AND 2000),
    floor smallint NOT NULL,
    capacity smallint NOT NULL
        CONSTRAINT dwelling_capacity_range CHECK (capacity BETWEEN 1 AND 30),
    rent_ore bigint NOT NULL
        CONSTRAINT dwelling_rent_ore_range CHECK (rent_ore >= 0),
    features jsonb NOT NULL,
    services jsonb NOT NULL,
    min_age smallint,
    max_age smallint,
    inspected_on date,
    demolition_from date,
    cleared_for_protected boolean NOT NULL DEFAULT false,
    measure_id uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT dwelling_age_window CHECK (min_age IS NULL OR max_age IS NULL OR min_age <= max_age),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id),
    FOREIGN KEY (municipality_id, measure_id) REFERENCES plan_measure (municipality_id, id)
);
CREATE UNIQUE INDEX dwelling_one_per_unit ON dwelling (municipality_id, cadastral_id, unit_number, extra_reference);
CREATE INDEX dwelling_by_state ON dwelling (municipality_id, state, id);
CREATE INDEX dwelling_by_category ON dwelling (municipality_id, category, id);
CREATE INDEX dwelling_by_measure ON dwelling (municipality_id, measure_id)
    WHERE measure_id IS NOT NULL;
SELECT rettbolig_isolate('dwelling');
GRANT SELECT, INSERT, UPDATE, DELETE ON dwelling TO rettbolig_app;
