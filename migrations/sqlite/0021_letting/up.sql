-- What decides whether a home may be let today: inspections with their findings, and the agreements under which it is let.

-- An inspection ("tilsyn"): fire safety and condition.
CREATE TABLE inspection (
    municipality_id BLOB NOT NULL
        CONSTRAINT inspection_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT inspection_id_uuid CHECK (length(id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT inspection_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT inspection_kind_code CHECK (kind IN ('FIRE_SAFETY', 'CONDITION', 'FIRE_SAFETY_AND_CONDITION', 'MOVE_IN', 'MOVE_OUT')),
    performed_on TEXT NOT NULL
        CONSTRAINT inspection_performed_on_date CHECK (date(performed_on) IS performed_on),
    next_due_on TEXT NOT NULL
        CONSTRAINT inspection_next_due_on_date CHECK (date(next_due_on) IS next_due_on),
    condition_class TEXT
        CONSTRAINT inspection_condition_class_code CHECK (condition_class IN ('TG0', 'TG1', 'TG2', 'TG3')),
    energy_class TEXT
        CONSTRAINT inspection_energy_class_code CHECK (energy_class IN ('ENERGY_A', 'ENERGY_B', 'ENERGY_C', 'ENERGY_D', 'ENERGY_E', 'ENERGY_F', 'ENERGY_G')),
    created_at TEXT NOT NULL
        CONSTRAINT inspection_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT inspection_due_after CHECK (performed_on < next_due_on),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT;
CREATE INDEX inspection_by_dwelling ON inspection (municipality_id, dwelling_id, performed_on);

-- Something that an inspection found ("avvik"), until it is put right.
CREATE TABLE inspection_finding (
    municipality_id BLOB NOT NULL
        CONSTRAINT inspection_finding_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT inspection_finding_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    inspection_id BLOB NOT NULL
        CONSTRAINT inspection_finding_inspection_id_uuid CHECK (length(inspection_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT inspection_finding_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    area TEXT NOT NULL
        CONSTRAINT inspection_finding_area_code CHECK (area IN ('SMOKE_ALARM', 'FIRE_EXTINGUISHER', 'ESCAPE_ROUTE', 'SPRINKLER', 'ELECTRICAL', 'DAMP_OR_MOULD', 'WATER_AND_DRAIN', 'HEATING', 'VENTILATION', 'STRUCTURE', 'PESTS', 'ACCESSIBILITY', 'SURFACES', 'OTHER')),
    severity TEXT NOT NULL
        CONSTRAINT inspection_finding_severity_code CHECK (severity IN ('REMARK', 'DEFECT', 'BLOCKING')),
    due_on TEXT
        CONSTRAINT inspection_finding_due_on_date CHECK (due_on IS NULL OR date(due_on) IS due_on),
    cleared_on TEXT
        CONSTRAINT inspection_finding_cleared_on_date CHECK (cleared_on IS NULL OR date(cleared_on) IS cleared_on),
    cleared_how TEXT
        CONSTRAINT inspection_finding_cleared_how_code CHECK (cleared_how IN ('REPAIRED', 'REPLACED', 'NOT_CONFIRMED')),
    created_at TEXT NOT NULL
        CONSTRAINT inspection_finding_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT inspection_finding_cleared CHECK ((cleared_on IS NULL) = (cleared_how IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, inspection_id) REFERENCES inspection (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT;
CREATE INDEX inspection_finding_open ON inspection_finding (municipality_id, dwelling_id, severity)
    WHERE cleared_on IS NULL;
CREATE INDEX inspection_finding_by_inspection ON inspection_finding (municipality_id, inspection_id);

-- A decision to let a home for a while although its inspection bars it. It names what it overrides.
CREATE TABLE letting_override (
    municipality_id BLOB NOT NULL
        CONSTRAINT letting_override_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT letting_override_id_uuid CHECK (length(id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT letting_override_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    obstacle TEXT NOT NULL
        CONSTRAINT letting_override_obstacle_code CHECK (obstacle IN ('INSPECTION_OVERDUE', 'BLOCKING_FINDING')),
    reason TEXT NOT NULL
        CONSTRAINT letting_override_reason_code CHECK (reason IN ('MEASURES_IN_PLACE', 'REPAIR_ORDERED', 'INSPECTION_ORDERED', 'ACUTE_NEED')),
    valid_until TEXT NOT NULL
        CONSTRAINT letting_override_valid_until_date CHECK (date(valid_until) IS valid_until),
    overridden_on TEXT NOT NULL
        CONSTRAINT letting_override_overridden_on_date CHECK (date(overridden_on) IS overridden_on),
    overridden_by BLOB
        CONSTRAINT letting_override_overridden_by_uuid CHECK (overridden_by IS NULL OR length(overridden_by) = 16),
    created_at TEXT NOT NULL
        CONSTRAINT letting_override_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT;
CREATE INDEX letting_override_by_dwelling ON letting_override (municipality_id, dwelling_id, valid_until);

-- An agreement under which homes are let that the municipality does not own. How many units are in use is kept here, so that two
-- who take the last one at once meet in one row, and never exceeds what the agreement allows.
CREATE TABLE agreement (
    municipality_id BLOB NOT NULL
        CONSTRAINT agreement_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT agreement_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL
        CONSTRAINT agreement_kind_code CHECK (kind IN ('REFERRAL', 'NOMINATION', 'LEASE_IN')),
    name TEXT NOT NULL,
    counterparty TEXT,
    counterparty_number TEXT,
    starts_on TEXT NOT NULL
        CONSTRAINT agreement_starts_on_date CHECK (date(starts_on) IS starts_on),
    ends_on TEXT NOT NULL
        CONSTRAINT agreement_ends_on_date CHECK (date(ends_on) IS ends_on),
    units INTEGER NOT NULL
        CONSTRAINT agreement_units_range CHECK (units BETWEEN 1 AND 2000),
    usable INTEGER NOT NULL,
    in_use INTEGER NOT NULL DEFAULT 0,
    lease_months_min INTEGER NOT NULL,
    warn_days INTEGER NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT agreement_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT agreement_quota CHECK (in_use BETWEEN 0 AND usable),
    CONSTRAINT agreement_usable CHECK (usable BETWEEN 0 AND units),
    CONSTRAINT agreement_period CHECK (starts_on < ends_on),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX agreement_name ON agreement (municipality_id, name);
CREATE INDEX agreement_by_end ON agreement (municipality_id, ends_on);

-- Which homes are let under an agreement; each under one at most.
CREATE TABLE agreement_unit (
    municipality_id BLOB NOT NULL
        CONSTRAINT agreement_unit_municipality_id_uuid CHECK (length(municipality_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT agreement_unit_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    agreement_id BLOB NOT NULL
        CONSTRAINT agreement_unit_agreement_id_uuid CHECK (length(agreement_id) = 16),
    added_on TEXT NOT NULL
        CONSTRAINT agreement_unit_added_on_date CHECK (date(added_on) IS added_on),
    PRIMARY KEY (municipality_id, dwelling_id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreement (municipality_id, id)
) STRICT;
CREATE INDEX agreement_unit_by_agreement ON agreement_unit (municipality_id, agreement_id, dwelling_id);

-- The municipality's own numbers, by what they are about; half-open period of validity.
CREATE TABLE policy (
    municipality_id BLOB NOT NULL
        CONSTRAINT policy_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT policy_id_uuid CHECK (length(id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT policy_kind_code CHECK (kind IN ('STOCK', 'TASK_TERMS')),
    content TEXT NOT NULL
        CONSTRAINT policy_content_json CHECK (json_valid(content)),
    valid_from TEXT NOT NULL
        CONSTRAINT policy_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT policy_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    created_at TEXT NOT NULL
        CONSTRAINT policy_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT policy_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX policy_one_open ON policy (municipality_id, kind) WHERE valid_until IS NULL;
