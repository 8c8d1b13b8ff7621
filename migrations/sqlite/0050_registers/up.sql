-- How far the feeds of registers are read, what they told, and the notices by which NAV is told of arrears.

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

-- When the population register last told how well somebody's address is protected.
CREATE TABLE protection_check (
    municipality_id BLOB NOT NULL
        CONSTRAINT protection_check_municipality_id_uuid CHECK (length(municipality_id) = 16),
    person_id BLOB NOT NULL
        CONSTRAINT protection_check_person_id_uuid CHECK (length(person_id) = 16),
    answered_at TEXT NOT NULL
        CONSTRAINT protection_check_answered_at_time CHECK (answered_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, person_id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
) STRICT, WITHOUT ROWID;

-- A letter as SvarUt has it, and how far up the ladder of states it was when SvarUt was last asked.
CREATE TABLE letter_shipment (
    municipality_id BLOB NOT NULL
        CONSTRAINT letter_shipment_municipality_id_uuid CHECK (length(municipality_id) = 16),
    letter_id BLOB NOT NULL
        CONSTRAINT letter_shipment_letter_id_uuid CHECK (length(letter_id) = 16),
    reference TEXT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT letter_shipment_state_code CHECK (state IN ('RECEIVED', 'ACCEPTED', 'REJECTED', 'ON_ITS_WAY', 'DELIVERED', 'READ', 'SENT_TO_PRINT', 'PRINTED', 'NOT_DELIVERED', 'HANDLED_BY_HAND')),
    sent_at TEXT NOT NULL
        CONSTRAINT letter_shipment_sent_at_time CHECK (sent_at GLOB '????-??-??T??:??:??.??????Z'),
    asked_at TEXT NOT NULL
        CONSTRAINT letter_shipment_asked_at_time CHECK (asked_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, letter_id, reference),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES letter (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_shipment_under_way ON letter_shipment (municipality_id, asked_at) WHERE state IN ('RECEIVED', 'ACCEPTED', 'ON_ITS_WAY', 'DELIVERED', 'SENT_TO_PRINT');

-- A letter, an application or an appeal as a record of the archive, and what the archive has told of it.
CREATE TABLE archive_filing (
    municipality_id BLOB NOT NULL
        CONSTRAINT archive_filing_municipality_id_uuid CHECK (length(municipality_id) = 16),
    document_id BLOB NOT NULL
        CONSTRAINT archive_filing_document_id_uuid CHECK (length(document_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT archive_filing_application_id_uuid CHECK (length(application_id) = 16),
    document TEXT NOT NULL
        CONSTRAINT archive_filing_document_code CHECK (document IN ('LETTER', 'APPLICATION', 'APPEAL')),
    state TEXT NOT NULL
        CONSTRAINT archive_filing_state_code CHECK (state IN ('NONE', 'RECEIVED', 'ARCHIVED', 'REFUSED')),
    sent_at TEXT NOT NULL
        CONSTRAINT archive_filing_sent_at_time CHECK (sent_at GLOB '????-??-??T??:??:??.??????Z'),
    asked_at TEXT NOT NULL
        CONSTRAINT archive_filing_asked_at_time CHECK (asked_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, document_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_filing_under_way ON archive_filing (municipality_id, asked_at) WHERE state IN ('NONE', 'RECEIVED');

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
