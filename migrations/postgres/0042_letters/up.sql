-- Letters, and proof that they arrived.

-- A letter to one recipient, and where it stands on its way.
CREATE TABLE letter (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    application_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT letter_kind_code CHECK (kind IN ('DECISION', 'REFUSAL', 'LAPSE', 'INTERIM_REPLY', 'DELAY_NOTICE', 'FORWARDING_NOTICE', 'WITHDRAWAL_CONFIRMED', 'OFFER', 'OFFER_WITHDRAWN', 'APPEAL_DISMISSED', 'APPEAL_FORWARDED', 'APPEAL_OUTCOME')),
    language text NOT NULL
        CONSTRAINT letter_language_code CHECK (language IN ('NB', 'NN')),
    template_version smallint NOT NULL
        CONSTRAINT letter_template_version_range CHECK (template_version > 0),
    recipient_id uuid NOT NULL,
    recipient_role text NOT NULL
        CONSTRAINT letter_recipient_role_code CHECK (recipient_role IN ('PARTY', 'REPRESENTATIVE', 'GUARDIAN', 'APPELLANT')),
    starts_clock boolean NOT NULL,
    state text NOT NULL
        CONSTRAINT letter_state_code CHECK (state IN ('WRITTEN', 'DISPATCHED', 'SENT', 'RETURNED', 'RECEIVED', 'DISCARDED')),
    channel text
        CONSTRAINT letter_channel_code CHECK (channel IN ('DIGITAL', 'POST', 'IN_PERSON')),
    written_by uuid,
    written_at timestamptz NOT NULL,
    dispatched_at timestamptz,
    sent_at timestamptz,
    received_at timestamptz,
    proof text
        CONSTRAINT letter_proof_code CHECK (proof IN ('READ_DIGITALLY', 'DELIVERED_DIGITALLY', 'SIGNED_FOR', 'HANDED_OVER', 'POSTAL_COURSE')),
    CONSTRAINT letter_received CHECK ((state = 'RECEIVED') = (received_at IS NOT NULL)),
    CONSTRAINT letter_proved CHECK ((received_at IS NULL) = (proof IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, recipient_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, written_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX letter_by_application ON letter (municipality_id, application_id, id);
CREATE INDEX letter_by_subject ON letter (municipality_id, subject_id);
SELECT rettbolig_isolate('letter');
GRANT SELECT, INSERT, UPDATE, DELETE ON letter TO rettbolig_app;

-- What a letter says, sealed under the applicant's key; written once and never changed.
CREATE TABLE letter_content (
    municipality_id uuid NOT NULL,
    letter_id uuid NOT NULL,
    sealed text NOT NULL,
    html_sha256 bytea NOT NULL,
    pdf_sha256 bytea NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, letter_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('letter_content');
GRANT SELECT, INSERT ON letter_content TO rettbolig_app;
CREATE TRIGGER letter_content_append_only BEFORE UPDATE OR DELETE ON letter_content
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER letter_content_no_truncate BEFORE TRUNCATE ON letter_content
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
