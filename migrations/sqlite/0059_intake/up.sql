-- Intake: what was known when an application was received, what it lacks, in which case it goes on, and what is not received yet.

-- What was known of a case on the day of its receipt; never changed ("mottakstidspunktet").
CREATE TABLE application_receipt (
    municipality_id BLOB NOT NULL
        CONSTRAINT application_receipt_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT application_receipt_application_id_uuid CHECK (length(application_id) = 16),
    frozen TEXT NOT NULL
        CONSTRAINT application_receipt_frozen_json CHECK (json_valid(frozen)),
    frozen_at TEXT NOT NULL
        CONSTRAINT application_receipt_frozen_at_time CHECK (frozen_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, application_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER application_receipt_no_update BEFORE UPDATE ON application_receipt
BEGIN SELECT RAISE(ABORT, 'append_only:application_receipt'); END;
CREATE TRIGGER application_receipt_no_delete BEFORE DELETE ON application_receipt
BEGIN SELECT RAISE(ABORT, 'append_only:application_receipt'); END;
-- Replacing a row deletes it without asking the trigger above.
CREATE TRIGGER application_receipt_no_replace BEFORE INSERT ON application_receipt
WHEN EXISTS (SELECT 1 FROM application_receipt WHERE municipality_id = NEW.municipality_id AND application_id = NEW.application_id)
BEGIN SELECT RAISE(ABORT, 'append_only:application_receipt'); END;

-- A document that the applicant was asked for, and the day on which it came.
CREATE TABLE requested_document (
    municipality_id BLOB NOT NULL
        CONSTRAINT requested_document_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT requested_document_application_id_uuid CHECK (length(application_id) = 16),
    document TEXT NOT NULL
        CONSTRAINT requested_document_document_code CHECK (document IN ('INCOME', 'TAX_RETURN', 'LEASE', 'RESIDENCE_PERMIT', 'HEALTH_STATEMENT', 'POWER_OF_ATTORNEY')),
    due_on TEXT NOT NULL
        CONSTRAINT requested_document_due_on_date CHECK (date(due_on) IS due_on),
    asked_by BLOB NOT NULL
        CONSTRAINT requested_document_asked_by_uuid CHECK (length(asked_by) = 16),
    asked_at TEXT NOT NULL
        CONSTRAINT requested_document_asked_at_time CHECK (asked_at GLOB '????-??-??T??:??:??.??????Z'),
    received_on TEXT
        CONSTRAINT requested_document_received_on_date CHECK (received_on IS NULL OR date(received_on) IS received_on),
    PRIMARY KEY (municipality_id, application_id, document),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, asked_by) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;

-- A case that goes on in an older one.
CREATE TABLE application_merge (
    municipality_id BLOB NOT NULL
        CONSTRAINT application_merge_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT application_merge_application_id_uuid CHECK (length(application_id) = 16),
    into_id BLOB NOT NULL
        CONSTRAINT application_merge_into_id_uuid CHECK (length(into_id) = 16),
    reason TEXT NOT NULL
        CONSTRAINT application_merge_reason_code CHECK (reason IN ('SAME_REQUEST', 'HOUSEHOLDS_JOINED')),
    merged_by BLOB NOT NULL
        CONSTRAINT application_merge_merged_by_uuid CHECK (length(merged_by) = 16),
    merged_at TEXT NOT NULL
        CONSTRAINT application_merge_merged_at_time CHECK (merged_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT application_merge_other CHECK (application_id <> into_id),
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, into_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, merged_by) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_merge_by_target ON application_merge (municipality_id, into_id);

-- An application that somebody is still writing: it may lack anything, is not received and starts no clock ("kladd").
CREATE TABLE application_draft (
    municipality_id BLOB NOT NULL
        CONSTRAINT application_draft_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT application_draft_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    household_id BLOB NOT NULL
        CONSTRAINT application_draft_household_id_uuid CHECK (length(household_id) = 16),
    type TEXT
        CONSTRAINT application_draft_type_code CHECK (type IN ('NEW', 'TRANSFER', 'RENEWAL', 'REPLACEMENT', 'REFUGEE_SETTLEMENT', 'REFERRAL_FROM_SERVICE', 'ASSISTANCE_ONLY')),
    lives_in_municipal_dwelling INTEGER
        CONSTRAINT application_draft_lives_in_municipal_dwelling_bool CHECK (lives_in_municipal_dwelling IN (0, 1)),
    needs TEXT
        CONSTRAINT application_draft_needs_json CHECK (needs IS NULL OR json_valid(needs)),
    written_by BLOB NOT NULL
        CONSTRAINT application_draft_written_by_uuid CHECK (length(written_by) = 16),
    changed_at TEXT NOT NULL
        CONSTRAINT application_draft_changed_at_time CHECK (changed_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, written_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE INDEX application_draft_by_change ON application_draft (municipality_id, changed_at);
CREATE INDEX application_draft_by_writer ON application_draft (municipality_id, written_by, id);

-- Letters ask for documents.
ALTER TABLE letter DROP CONSTRAINT letter_kind_code;
ALTER TABLE letter ADD CONSTRAINT letter_kind_code
    CHECK (kind IN ('DECISION', 'REFUSAL', 'LAPSE', 'INTERIM_REPLY', 'DELAY_NOTICE', 'FORWARDING_NOTICE', 'DOCUMENTS_REQUESTED', 'WITHDRAWAL_CONFIRMED', 'OFFER', 'OFFER_WITHDRAWN', 'APPEAL_DISMISSED', 'APPEAL_FORWARDED', 'APPEAL_OUTCOME'));
