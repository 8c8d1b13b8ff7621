-- Letters, and proof that they arrived.

-- A letter to one recipient, and where it stands on its way.
CREATE TABLE letter (
    municipality_id BLOB NOT NULL
        CONSTRAINT letter_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT letter_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    application_id BLOB NOT NULL
        CONSTRAINT letter_application_id_uuid CHECK (length(application_id) = 16),
    subject_id BLOB NOT NULL
        CONSTRAINT letter_subject_id_uuid CHECK (length(subject_id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT letter_kind_code CHECK (kind IN ('DECISION', 'REFUSAL', 'LAPSE', 'INTERIM_REPLY', 'DELAY_NOTICE', 'FORWARDING_NOTICE', 'WITHDRAWAL_CONFIRMED', 'OFFER', 'OFFER_WITHDRAWN', 'APPEAL_DISMISSED', 'APPEAL_FORWARDED', 'APPEAL_OUTCOME')),
    language TEXT NOT NULL
        CONSTRAINT letter_language_code CHECK (language IN ('NB', 'NN')),
    template_version INTEGER NOT NULL
        CONSTRAINT letter_template_version_range CHECK (template_version > 0),
    recipient_id BLOB NOT NULL
        CONSTRAINT letter_recipient_id_uuid CHECK (length(recipient_id) = 16),
    recipient_role TEXT NOT NULL
        CONSTRAINT letter_recipient_role_code CHECK (recipient_role IN ('PARTY', 'REPRESENTATIVE', 'GUARDIAN', 'APPELLANT')),
    starts_clock INTEGER NOT NULL
        CONSTRAINT letter_starts_clock_bool CHECK (starts_clock IN (0, 1)),
    state TEXT NOT NULL
        CONSTRAINT letter_state_code CHECK (state IN ('WRITTEN', 'DISPATCHED', 'SENT', 'RETURNED', 'RECEIVED', 'DISCARDED')),
    channel TEXT
        CONSTRAINT letter_channel_code CHECK (channel IN ('DIGITAL', 'POST', 'IN_PERSON')),
    written_by BLOB
        CONSTRAINT letter_written_by_uuid CHECK (written_by IS NULL OR length(written_by) = 16),
    written_at TEXT NOT NULL
        CONSTRAINT letter_written_at_time CHECK (written_at GLOB '????-??-??T??:??:??.??????Z'),
    dispatched_at TEXT
        CONSTRAINT letter_dispatched_at_time CHECK (dispatched_at IS NULL OR dispatched_at GLOB '????-??-??T??:??:??.??????Z'),
    sent_at TEXT
        CONSTRAINT letter_sent_at_time CHECK (sent_at IS NULL OR sent_at GLOB '????-??-??T??:??:??.??????Z'),
    received_at TEXT
        CONSTRAINT letter_received_at_time CHECK (received_at IS NULL OR received_at GLOB '????-??-??T??:??:??.??????Z'),
    proof TEXT
        CONSTRAINT letter_proof_code CHECK (proof IN ('READ_DIGITALLY', 'DELIVERED_DIGITALLY', 'SIGNED_FOR', 'HANDED_OVER', 'POSTAL_COURSE')),
    CONSTRAINT letter_received CHECK ((state = 'RECEIVED') = (received_at IS NOT NULL)),
    CONSTRAINT letter_proved CHECK ((received_at IS NULL) = (proof IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, recipient_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, written_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE INDEX letter_by_application ON letter (municipality_id, application_id, id);
CREATE INDEX letter_by_subject ON letter (municipality_id, subject_id);

-- What a letter says, sealed under the applicant's key; written once and never changed.
CREATE TABLE letter_content (
    municipality_id BLOB NOT NULL
        CONSTRAINT letter_content_municipality_id_uuid CHECK (length(municipality_id) = 16),
    letter_id BLOB NOT NULL
        CONSTRAINT letter_content_letter_id_uuid CHECK (length(letter_id) = 16),
    sealed TEXT NOT NULL,
    html_sha256 BLOB NOT NULL,
    pdf_sha256 BLOB NOT NULL,
    written_at TEXT NOT NULL
        CONSTRAINT letter_content_written_at_time CHECK (written_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, letter_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE TRIGGER letter_content_no_update BEFORE UPDATE ON letter_content
BEGIN SELECT RAISE(ABORT, 'append_only:letter_content'); END;
CREATE TRIGGER letter_content_no_delete BEFORE DELETE ON letter_content
BEGIN SELECT RAISE(ABORT, 'append_only:letter_content'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER letter_content_no_replace BEFORE INSERT ON letter_content
WHEN EXISTS (SELECT 1 FROM letter_content WHERE municipality_id = NEW.municipality_id AND letter_id = NEW.letter_id)
BEGIN SELECT RAISE(ABORT, 'append_only:letter_content'); END;
