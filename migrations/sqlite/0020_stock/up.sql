-- What more is known of a home, to whom its property belongs, and every change of the stock.

-- A cadastral unit with what stands on it ("eiendom"). Whoever owns it as a private person is not named.
CREATE TABLE property (
    municipality_id BLOB NOT NULL
        CONSTRAINT property_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT property_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    cadastral_id TEXT NOT NULL,
    name TEXT,
    owner_kind TEXT NOT NULL
        CONSTRAINT property_owner_kind_code CHECK (owner_kind IN ('MUNICIPALITY', 'PUBLIC_BODY', 'COMPANY', 'HOUSING_COOPERATIVE', 'FOUNDATION', 'PRIVATE_PERSON')),
    owner_name TEXT,
    owner_number TEXT,
    buildings TEXT NOT NULL
        CONSTRAINT property_buildings_json CHECK (json_valid(buildings)),
    created_at TEXT NOT NULL
        CONSTRAINT property_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT property_nobody_named CHECK (owner_kind <> 'PRIVATE_PERSON' OR (owner_name IS NULL AND owner_number IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX property_one_per_cadastral_id ON property (municipality_id, cadastral_id);

ALTER TABLE dwelling ADD COLUMN supplier_id TEXT;
ALTER TABLE dwelling ADD COLUMN building_number TEXT NOT NULL DEFAULT '';
ALTER TABLE dwelling ADD COLUMN details TEXT NOT NULL DEFAULT '{}'
    CONSTRAINT dwelling_details_json CHECK (json_valid(details));
CREATE UNIQUE INDEX dwelling_one_per_supplier_id ON dwelling (municipality_id, supplier_id);
DROP INDEX dwelling_one_per_unit;
CREATE UNIQUE INDEX dwelling_one_per_unit ON dwelling (municipality_id, cadastral_id, building_number, unit_number, extra_reference);
-- A page by each order, and the counts from an index alone.
CREATE INDEX dwelling_by_area ON dwelling (municipality_id, area, id);
CREATE INDEX dwelling_by_address ON dwelling (municipality_id, street_address, id);
CREATE INDEX dwelling_by_rent ON dwelling (municipality_id, rent_ore, id);
CREATE INDEX dwelling_by_state_since ON dwelling (municipality_id, state_since, id);
CREATE INDEX dwelling_counted ON dwelling (municipality_id, state, category);

-- Every change of a home: what was done, where it stands since when, and the whole description where that is new.
CREATE TABLE dwelling_change (
    municipality_id BLOB NOT NULL
        CONSTRAINT dwelling_change_municipality_id_uuid CHECK (length(municipality_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT dwelling_change_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT dwelling_change_kind_code CHECK (kind IN ('REGISTERED', 'DESCRIBED', 'MOVED')),
    step TEXT
        CONSTRAINT dwelling_change_step_code CHECK (step IN ('START_CONSTRUCTION', 'MAKE_AVAILABLE', 'RESERVE', 'RELEASE', 'ALLOCATE', 'MOVE_IN', 'GIVE_NOTICE', 'WITHDRAW_NOTICE', 'MOVE_OUT', 'START_REPAIR', 'BLOCK', 'UNBLOCK', 'PLAN_DEMOLITION', 'CANCEL_DEMOLITION', 'DISPOSE')),
    reason TEXT,
    state TEXT NOT NULL
        CONSTRAINT dwelling_change_state_code CHECK (state IN ('PLANNED', 'UNDER_CONSTRUCTION', 'AVAILABLE', 'RESERVED', 'ALLOCATED', 'OCCUPIED', 'NOTICE_GIVEN', 'TURNOVER', 'UNDER_REPAIR', 'BLOCKED', 'DEMOLITION_PLANNED', 'DISPOSED')),
    on_day TEXT NOT NULL
        CONSTRAINT dwelling_change_on_day_date CHECK (date(on_day) IS on_day),
    rent_ore INTEGER NOT NULL,
    description TEXT
        CONSTRAINT dwelling_change_description_json CHECK (description IS NULL OR json_valid(description)),
    changed_at TEXT NOT NULL
        CONSTRAINT dwelling_change_changed_at_time CHECK (changed_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, dwelling_id, version),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT, WITHOUT ROWID;
-- What a home was before this migration is not known.
INSERT INTO dwelling_change SELECT municipality_id, id, version, 'REGISTERED', NULL, NULL, state, state_since, rent_ore, NULL, created_at FROM dwelling;
CREATE TRIGGER dwelling_change_no_update BEFORE UPDATE ON dwelling_change
BEGIN SELECT RAISE(ABORT, 'append_only:dwelling_change'); END;
CREATE TRIGGER dwelling_change_no_delete BEFORE DELETE ON dwelling_change
BEGIN SELECT RAISE(ABORT, 'append_only:dwelling_change'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER dwelling_change_no_replace BEFORE INSERT ON dwelling_change
WHEN EXISTS (SELECT 1 FROM dwelling_change WHERE municipality_id = NEW.municipality_id AND dwelling_id = NEW.dwelling_id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'append_only:dwelling_change'); END;
-- The year in which a home was delivered.
CREATE INDEX dwelling_change_by_step ON dwelling_change (municipality_id, step, on_day)
    WHERE step IS NOT NULL;

-- The last year in which a measure is to be done, where its deadline names one.
ALTER TABLE plan_measure ADD COLUMN due_year INTEGER;
ALTER TABLE plan_measure ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
