-- What decides whether a home may be let today: inspections with their findings, and the agreements under which it is let.

-- An inspection ("tilsyn"): fire safety and condition.
CREATE TABLE inspection (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT inspection_kind_code CHECK (kind IN ('FIRE_SAFETY', 'CONDITION', 'FIRE_SAFETY_AND_CONDITION', 'MOVE_IN', 'MOVE_OUT')),
    performed_on date NOT NULL,
    next_due_on date NOT NULL,
    condition_class text
        CONSTRAINT inspection_condition_class_code CHECK (condition_class IN ('TG0', 'TG1', 'TG2', 'TG3')),
    energy_class text
        CONSTRAINT inspection_energy_class_code CHECK (energy_class IN ('ENERGY_A', 'ENERGY_B', 'ENERGY_C', 'ENERGY_D', 'ENERGY_E', 'ENERGY_F', 'ENERGY_G')),
    created_at timestamptz NOT NULL,
    CONSTRAINT inspection_due_after CHECK (performed_on < next_due_on),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE INDEX inspection_by_dwelling ON inspection (municipality_id, dwelling_id, performed_on);
SELECT rettbolig_isolate('inspection');
GRANT SELECT, INSERT ON inspection TO rettbolig_app;

-- Something that an inspection found ("avvik"), until it is put right.
CREATE TABLE inspection_finding (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    inspection_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    area text NOT NULL
        CONSTRAINT inspection_finding_area_code CHECK (area IN ('SMOKE_ALARM', 'FIRE_EXTINGUISHER', 'ESCAPE_ROUTE', 'SPRINKLER', 'ELECTRICAL', 'DAMP_OR_MOULD', 'WATER_AND_DRAIN', 'HEATING', 'VENTILATION', 'STRUCTURE', 'PESTS', 'ACCESSIBILITY', 'SURFACES', 'OTHER')),
    severity text NOT NULL
        CONSTRAINT inspection_finding_severity_code CHECK (severity IN ('REMARK', 'DEFECT', 'BLOCKING')),
    due_on date,
    cleared_on date,
    cleared_how text
        CONSTRAINT inspection_finding_cleared_how_code CHECK (cleared_how IN ('REPAIRED', 'REPLACED', 'NOT_CONFIRMED')),
    created_at timestamptz NOT NULL,
    CONSTRAINT inspection_finding_cleared CHECK ((cleared_on IS NULL) = (cleared_how IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, inspection_id) REFERENCES inspection (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE INDEX inspection_finding_open ON inspection_finding (municipality_id, dwelling_id, severity)
    WHERE cleared_on IS NULL;
CREATE INDEX inspection_finding_by_inspection ON inspection_finding (municipality_id, inspection_id);
SELECT rettbolig_isolate('inspection_finding');
GRANT SELECT, INSERT, UPDATE ON inspection_finding TO rettbolig_app;

-- A decision to let a home for a while although its inspection bars it. It names what it overrides.
CREATE TABLE letting_override (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    obstacle text NOT NULL
        CONSTRAINT letting_override_obstacle_code CHECK (obstacle IN ('INSPECTION_OVERDUE', 'BLOCKING_FINDING')),
    reason text NOT NULL
        CONSTRAINT letting_override_reason_code CHECK (reason IN ('MEASURES_IN_PLACE', 'REPAIR_ORDERED', 'INSPECTION_ORDERED', 'ACUTE_NEED')),
    valid_until date NOT NULL,
    overridden_on date NOT NULL,
    overridden_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE INDEX letting_override_by_dwelling ON letting_override (municipality_id, dwelling_id, valid_until);
SELECT rettbolig_isolate('letting_override');
GRANT SELECT, INSERT ON letting_override TO rettbolig_app;

-- An agreement under which homes are let that the municipality does not own. How many units are in use is kept here, so that two
-- who take the last one at once meet in one row, and never exceeds what the agreement allows.
CREATE TABLE agreement (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    kind text NOT NULL
        CONSTRAINT agreement_kind_code CHECK (kind IN ('REFERRAL', 'NOMINATION', 'LEASE_IN')),
    name text NOT NULL,
    counterparty text,
    counterparty_number text,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    units integer NOT NULL
        CONSTRAINT agreement_units_range CHECK (units BETWEEN 1 AND 2000),
    usable integer NOT NULL,
    in_use integer NOT NULL DEFAULT 0,
    lease_months_min smallint NOT NULL,
    warn_days smallint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT agreement_quota CHECK (in_use BETWEEN 0 AND usable),
    CONSTRAINT agreement_usable CHECK (usable BETWEEN 0 AND units),
    CONSTRAINT agreement_period CHECK (starts_on < ends_on),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX agreement_name ON agreement (municipality_id, name);
CREATE INDEX agreement_by_end ON agreement (municipality_id, ends_on);
SELECT rettbolig_isolate('agreement');
GRANT SELECT, INSERT, UPDATE ON agreement TO rettbolig_app;

-- Which homes are let under an agreement; each under one at most.
CREATE TABLE agreement_unit (
    municipality_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    added_on date NOT NULL,
    PRIMARY KEY (municipality_id, dwelling_id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, agreement_id) REFERENCES agreement (municipality_id, id)
);
CREATE INDEX agreement_unit_by_agreement ON agreement_unit (municipality_id, agreement_id, dwelling_id);
SELECT rettbolig_isolate('agreement_unit');
GRANT SELECT, INSERT, DELETE ON agreement_unit TO rettbolig_app;

-- The municipality's own numbers, by what they are about; half-open period of validity.
CREATE TABLE policy (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT policy_kind_code CHECK (kind IN ('STOCK', 'TASK_TERMS')),
    content jsonb NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    created_at timestamptz NOT NULL,
    CONSTRAINT policy_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX policy_one_open ON policy (municipality_id, kind) WHERE valid_until IS NULL;
SELECT rettbolig_isolate('policy');
GRANT SELECT, INSERT, UPDATE ON policy TO rettbolig_app;
