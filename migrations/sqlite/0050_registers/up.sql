-- How far the feeds of registers are read, and the notices by which NAV is told of arrears.

CREATE TABLE register_cursor (
    municipality_id BLOB NOT NULL
        CONSTRAINT register_cursor_municipality_id_uuid CHECK (length(municipality_id) = 16),
    register TEXT NOT NULL,
    position INTEGER NOT NULL
        CONSTRAINT register_cursor_position_range CHECK (position >= 0),
    read_at TEXT NOT NULL
        CONSTRAINT register_cursor_read_at_time CHECK (read_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, register),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;

-- That a petition for eviction is on its way (husleieloven § 9-11): NAV is told two weeks before, unless the tenant said no in writing.
CREATE TABLE eviction_notice (
    municipality_id BLOB NOT NULL
        CONSTRAINT eviction_notice_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT eviction_notice_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    tenancy_id BLOB NOT NULL
        CONSTRAINT eviction_notice_tenancy_id_uuid CHECK (length(tenancy_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT eviction_notice_household_id_uuid CHECK (length(household_id) = 16),
    state TEXT NOT NULL
        CONSTRAINT eviction_notice_state_code CHECK (state IN ('NOTIFIED', 'OPTED_OUT', 'SETTLED', 'PETITIONED')),
    arrears_ore INTEGER NOT NULL
        CONSTRAINT eviction_notice_arrears_ore_range CHECK (arrears_ore > 0),
    notified_on TEXT NOT NULL
        CONSTRAINT eviction_notice_notified_on_date CHECK (date(notified_on) IS notified_on),
    petition_from TEXT NOT NULL
        CONSTRAINT eviction_notice_petition_from_date CHECK (date(petition_from) IS petition_from),
    opted_out_on TEXT
        CONSTRAINT eviction_notice_opted_out_on_date CHECK (date(opted_out_on) IS opted_out_on),
    direct_payment_from TEXT
        CONSTRAINT eviction_notice_direct_payment_from_date CHECK (date(direct_payment_from) IS direct_payment_from),
    direct_payment_ore INTEGER
        CONSTRAINT eviction_notice_direct_payment_ore_range CHECK (direct_payment_ore > 0),
    CONSTRAINT eviction_notice_opted_out CHECK ((state = 'OPTED_OUT') <= (opted_out_on IS NOT NULL)),
    CONSTRAINT eviction_notice_direct_payment CHECK ((direct_payment_from IS NULL) = (direct_payment_ore IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, tenancy_id) REFERENCES tenancy (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX eviction_notice_one_open ON eviction_notice (municipality_id, tenancy_id) WHERE state IN ('NOTIFIED', 'OPTED_OUT');
