-- What more is known of a home, to whom its property belongs, and every change of the stock.

-- A cadastral unit with what stands on it ("eiendom"). Whoever owns it as a private person is not named.
CREATE TABLE property (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    cadastral_id text NOT NULL,
    name text,
    owner_kind text NOT NULL
        CONSTRAINT property_owner_kind_code CHECK (owner_kind IN ('MUNICIPALITY', 'PUBLIC_BODY', 'COMPANY', 'HOUSING_COOPERATIVE', 'FOUNDATION', 'PRIVATE_PERSON')),
    owner_name text,
    owner_number text,
    buildings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT property_nobody_named CHECK (owner_kind <> 'PRIVATE_PERSON' OR (owner_name IS NULL AND owner_number IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX property_one_per_cadastral_id ON property (municipality_id, cadastral_id);
SELECT rettbolig_isolate('property');
GRANT SELECT, INSERT, UPDATE ON property TO rettbolig_app;

ALTER TABLE dwelling ADD COLUMN supplier_id text;
ALTER TABLE dwelling ADD COLUMN building_number text NOT NULL DEFAULT '';
ALTER TABLE dwelling ADD COLUMN details jsonb NOT NULL DEFAULT '{}';
-- Sorted and searched by its bytes, the same on every machine and as on the other database.
ALTER TABLE dwelling ALTER COLUMN street_address TYPE text COLLATE "C";
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
    municipality_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL
        CONSTRAINT dwelling_change_kind_code CHECK (kind IN ('REGISTERED', 'DESCRIBED', 'MOVED')),
    step text
        CONSTRAINT dwelling_change_step_code CHECK (step IN ('START_CONSTRUCTION', 'MAKE_AVAILABLE', 'RESERVE', 'RELEASE', 'ALLOCATE', 'MOVE_IN', 'GIVE_NOTICE', 'WITHDRAW_NOTICE', 'MOVE_OUT', 'START_REPAIR', 'BLOCK', 'UNBLOCK', 'PLAN_DEMOLITION', 'CANCEL_DEMOLITION', 'DISPOSE')),
    reason text,
    state text NOT NULL
        CONSTRAINT dwelling_change_state_code CHECK (state IN ('PLANNED', 'UNDER_CONSTRUCTION', 'AVAILABLE', 'RESERVED', 'ALLOCATED', 'OCCUPIED', 'NOTICE_GIVEN', 'TURNOVER', 'UNDER_REPAIR', 'BLOCKED', 'DEMOLITION_PLANNED', 'DISPOSED')),
    on_day date NOT NULL,
    rent_ore bigint NOT NULL,
    description jsonb,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, dwelling_id, version),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
-- What a home was before this migration is not known.
ALTER TABLE dwelling NO FORCE ROW LEVEL SECURITY;
INSERT INTO dwelling_change SELECT municipality_id, id, version, 'REGISTERED', NULL, NULL, state, state_since, rent_ore, NULL, created_at FROM dwelling;
ALTER TABLE dwelling FORCE ROW LEVEL SECURITY;
SELECT rettbolig_isolate('dwelling_change');
GRANT SELECT, INSERT ON dwelling_change TO rettbolig_app;
CREATE TRIGGER dwelling_change_append_only BEFORE UPDATE OR DELETE ON dwelling_change
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER dwelling_change_no_truncate BEFORE TRUNCATE ON dwelling_change
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
-- The year in which a home was delivered.
CREATE INDEX dwelling_change_by_step ON dwelling_change (municipality_id, step, on_day)
    WHERE step IS NOT NULL;

-- The last year in which a measure is to be done, where its deadline names one.
ALTER TABLE plan_measure ADD COLUMN due_year smallint;
ALTER TABLE plan_measure ADD COLUMN version integer NOT NULL DEFAULT 1;
