-- The housing stock and the measures of the housing plan that add to it.

-- A measure of the housing plan ("tiltak").
CREATE TABLE plan_measure (
    municipality_id BLOB NOT NULL
        CONSTRAINT plan_measure_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT plan_measure_id_uuid CHECK (length(id) = 16),
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    unit_count INTEGER,
    responsible TEXT NOT NULL,
    deadline TEXT NOT NULL,
    financing TEXT NOT NULL,
    category TEXT
        CONSTRAINT plan_measure_category_code CHECK (category IN ('ORDINARY', 'BEDSIT', 'ROBUST', 'ROBUST_CARE', 'TEST', 'TRAINING', 'CARE', 'SHARED_HOUSING', 'ROUND_THE_CLOCK_CARE', 'ASSISTED_SENIOR', 'YOUTH_15_25', 'CHILD_RESPITE', 'CRISIS_DIVERSION', 'TEMPORARY', 'REPLACEMENT')),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX plan_measure_number ON plan_measure (municipality_id, number);

-- A lettable unit ("utleieenhet").
CREATE TABLE dwelling (
    municipality_id BLOB NOT NULL
        CONSTRAINT dwelling_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT dwelling_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    cadastral_id TEXT NOT NULL,
    unit_number TEXT NOT NULL,
    extra_reference TEXT NOT NULL DEFAULT '',
    street_address TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    postal_place TEXT NOT NULL,
    area TEXT NOT NULL,
    category TEXT NOT NULL
        CONSTRAINT dwelling_category_code CHECK (category IN ('ORDINARY', 'BEDSIT', 'ROBUST', 'ROBUST_CARE', 'TEST', 'TRAINING', 'CARE', 'SHARED_HOUSING', 'ROUND_THE_CLOCK_CARE', 'ASSISTED_SENIOR', 'YOUTH_15_25', 'CHILD_RESPITE', 'CRISIS_DIVERSION', 'TEMPORARY', 'REPLACEMENT')),
    tenure TEXT NOT NULL
        CONSTRAINT dwelling_tenure_code CHECK (tenure IN ('OWNED', 'LEASED_IN', 'PRIVATE_WITH_RIGHT', 'COOP_SHARE')),
    state TEXT NOT NULL
        CONSTRAINT dwelling_state_code CHECK (state IN ('PLANNED', 'UNDER_CONSTRUCTION', 'AVAILABLE', 'RESERVED', 'ALLOCATED', 'OCCUPIED', 'NOTICE_GIVEN', 'TURNOVER', 'UNDER_REPAIR', 'BLOCKED', 'DEMOLITION_PLANNED', 'DISPOSED')),
    state_since TEXT NOT NULL
        CONSTRAINT dwelling_state_since_date CHECK (date(state_since) IS state_since),
    bedrooms INTEGER NOT NULL
        CONSTRAINT dwelling_bedrooms_range CHECK (bedrooms BETWEEN 0 AND 20),
    usable_area_m2 INTEGER NOT NULL
        CONSTRAINT dwelling_usable_area_m2_range CHECK (usable_area_m2 BETWEEN 1 AND 2000),
    floor INTEGER NOT NULL,
    capacity INTEGER NOT NULL
        CONSTRAINT dwelling_capacity_range CHECK (capacity BETWEEN 1 AND 30),
    rent_ore INTEGER NOT NULL
        CONSTRAINT dwelling_rent_ore_range CHECK (rent_ore >= 0),
    features TEXT NOT NULL
        CONSTRAINT dwelling_features_json CHECK (json_valid(features)),
    services TEXT NOT NULL
        CONSTRAINT dwelling_services_json CHECK (json_valid(services)),
    min_age INTEGER,
    max_age INTEGER,
    inspected_on TEXT
        CONSTRAINT dwelling_inspected_on_date CHECK (inspected_on IS NULL OR date(inspected_on) IS inspected_on),
    demolition_from TEXT
        CONSTRAINT dwelling_demolition_from_date CHECK (demolition_from IS NULL OR date(demolition_from) IS demolition_from),
    cleared_for_protected INTEGER NOT NULL DEFAULT 0
        CONSTRAINT dwelling_cleared_for_protected_bool CHECK (cleared_for_protected IN (0, 1)),
    measure_id BLOB
        CONSTRAINT dwelling_measure_id_uuid CHECK (measure_id IS NULL OR length(measure_id) = 16),
    created_at TEXT NOT NULL
        CONSTRAINT dwelling_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT dwelling_age_window CHECK (min_age IS NULL OR max_age IS NULL OR min_age <= max_age),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id),
    FOREIGN KEY (municipality_id, measure_id) REFERENCES plan_measure (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX dwelling_one_per_unit ON dwelling (municipality_id, cadastral_id, unit_number, extra_reference);
CREATE INDEX dwelling_by_state ON dwelling (municipality_id, state, id);
CREATE INDEX dwelling_by_category ON dwelling (municipality_id, category, id);
CREATE INDEX dwelling_by_measure ON dwelling (municipality_id, measure_id)
    WHERE measure_id IS NOT NULL;
