-- How far the feeds of registers are read, what they told, and the notices by which NAV is told of arrears.

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

-- When the population register last told how well somebody's address is protected.
CREATE TABLE protection_check (
    municipality_id uuid NOT NULL,
    person_id uuid NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, person_id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
);
SELECT rettbolig_isolate('protection_check');
GRANT SELECT, INSERT, UPDATE ON protection_check TO rettbolig_app;

-- A letter as SvarUt has it, and how far up the ladder of states it was when SvarUt was last asked.
CREATE TABLE letter_shipment (
    municipality_id uuid NOT NULL,
    letter_id uuid NOT NULL,
    reference text NOT NULL,
    state text NOT NULL
        CONSTRAINT letter_shipment_state_code CHECK (state IN ('RECEIVED', 'ACCEPTED', 'REJECTED', 'ON_ITS_WAY', 'DELIVERED', 'READ', 'SENT_TO_PRINT', 'PRINTED', 'NOT_DELIVERED', 'HANDLED_BY_HAND')),
    sent_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, letter_id, reference),
    FOREIGN KEY (municipality_id, letter_id) REFERENCES letter (municipality_id, id)
);
CREATE INDEX letter_shipment_under_way ON letter_shipment (municipality_id, asked_at) WHERE state IN ('RECEIVED', 'ACCEPTED', 'ON_ITS_WAY', 'DELIVERED', 'SENT_TO_PRINT');
SELECT rettbolig_isolate('letter_shipment');
GRANT SELECT, INSERT, UPDATE ON letter_shipment TO rettbolig_app;

-- A letter, an application or an appeal as a record of the archive, and what the archive has told of it.
CREATE TABLE archive_filing (
    municipality_id uuid NOT NULL,
    document_id uuid NOT NULL,
    application_id uuid NOT NULL,
    document text NOT NULL
        CONSTRAINT archive_filing_document_code CHECK (document IN ('LETTER', 'APPLICATION', 'APPEAL')),
    state text NOT NULL
        CONSTRAINT archive_filing_state_code CHECK (state IN ('NONE', 'RECEIVED', 'ARCHIVED', 'REFUSED')),
    sent_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, document_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id)
);
CREATE INDEX archive_filing_under_way ON archive_filing (municipality_id, asked_at) WHERE state IN ('NONE', 'RECEIVED');
SELECT rettbolig_isolate('archive_filing');
GRANT SELECT, INSERT, UPDATE ON archive_filing TO rettbolig_app;

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
