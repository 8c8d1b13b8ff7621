-- How far the feeds of registers are read, and the notices by which NAV is told of arrears.

CREATE TABLE register_cursor (
    municipality_id uuid NOT NULL,
    register text NOT NULL,
    position bigint NOT NULL
        CONSTRAINT register_cursor_position_range CHECK (position >= 0),
    read_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, register),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('register_cursor');
GRANT SELECT, INSERT, UPDATE ON register_cursor TO rettbolig_app;

-- That a petition for eviction is on its way (husleieloven § 9-11): NAV is told two weeks before, unless the tenant said no in writing.
CREATE TABLE eviction_notice (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    tenancy_id uuid NOT NULL,
    household_id uuid NOT NULL,
    state text NOT NULL
        CONSTRAINT eviction_notice_state_code CHECK (state IN ('NOTIFIED', 'OPTED_OUT', 'SETTLED', 'PETITIONED')),
    arrears_ore bigint NOT NULL
        CONSTRAINT eviction_notice_arrears_ore_range CHECK (arrears_ore > 0),
    notified_on date NOT NULL,
    petition_from date NOT NULL,
    opted_out_on date,
    direct_payment_from date,
    direct_payment_ore bigint
        CONSTRAINT eviction_notice_direct_payment_ore_range CHECK (direct_payment_ore > 0),
    CONSTRAINT eviction_notice_opted_out CHECK ((state = 'OPTED_OUT') <= (opted_out_on IS NOT NULL)),
    CONSTRAINT eviction_notice_direct_payment CHECK ((direct_payment_from IS NULL) = (direct_payment_ore IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, tenancy_id) REFERENCES tenancy (municipality_id, id)
);
CREATE UNIQUE INDEX eviction_notice_one_open ON eviction_notice (municipality_id, tenancy_id) WHERE state IN ('NOTIFIED', 'OPTED_OUT');
SELECT rettbolig_isolate('eviction_notice');
GRANT SELECT, INSERT, UPDATE ON eviction_notice TO rettbolig_app;
