-- Intake: what was known when an application was received, what it lacks, in which case it goes on, and what is not received yet.

-- What was known of a case on the day of its receipt; never changed ("mottakstidspunktet").
CREATE TABLE application_receipt (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    frozen jsonb NOT NULL,
    frozen_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, application_id)
);
SELECT rettbolig_isolate('application_receipt');
GRANT SELECT, INSERT ON application_receipt TO rettbolig_app;
CREATE TRIGGER application_receipt_append_only BEFORE UPDATE OR DELETE ON application_receipt
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER application_receipt_no_truncate BEFORE TRUNCATE ON application_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- A document that the applicant was asked for, and the day on which it came.
CREATE TABLE requested_document (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    document text NOT NULL
        CONSTRAINT requested_document_document_code CHECK (document IN ('INCOME', 'TAX_RETURN', 'LEASE', 'RESIDENCE_PERMIT', 'HEALTH_STATEMENT', 'POWER_OF_ATTORNEY')),
    due_on date NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    received_on date,
    PRIMARY KEY (municipality_id, application_id, document),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, asked_by) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('requested_document');
GRANT SELECT, INSERT, UPDATE, DELETE ON requested_document TO rettbolig_app;

-- A case that goes on in an older one.
CREATE TABLE application_merge (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    into_id uuid NOT NULL,
    reason text NOT NULL
        CONSTRAINT application_merge_reason_code CHECK (reason IN ('SAME_REQUEST', 'HOUSEHOLDS_JOINED')),
    merged_by uuid NOT NULL,
    merged_at timestamptz NOT NULL,
    CONSTRAINT application_merge_other CHECK (application_id <> into_id),
    PRIMARY KEY (municipality_id, application_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, into_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, merged_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX application_merge_by_target ON application_merge (municipality_id, into_id);
SELECT rettbolig_isolate('application_merge');
GRANT SELECT, INSERT, UPDATE, DELETE ON application_merge TO rettbolig_app;

-- An application that somebody is still writing: it may lack anything, is not received and starts no clock ("kladd").
CREATE TABLE application_draft (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    household_id uuid NOT NULL,
    type text
        CONSTRAINT application_draft_type_code CHECK (type IN ('NEW', 'TRANSFER', 'RENEWAL', 'REPLACEMENT', 'REFUGEE_SETTLEMENT', 'REFERRAL_FROM_SERVICE', 'ASSISTANCE_ONLY')),
    lives_in_municipal_dwelling boolean,
    needs jsonb,
    written_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, written_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX application_draft_by_change ON application_draft (municipality_id, changed_at);
CREATE INDEX application_draft_by_writer ON application_draft (municipality_id, written_by, id);
SELECT rettbolig_isolate('application_draft');
GRANT SELECT, INSERT, UPDATE, DELETE ON application_draft TO rettbolig_app;

-- Letters ask for documents.
ALTER TABLE letter DROP CONSTRAINT letter_kind_code;
ALTER TABLE letter ADD CONSTRAINT letter_kind_code
    CHECK (kind IN ('DECISION', 'REFUSAL', 'LAPSE', 'INTERIM_REPLY', 'DELAY_NOTICE', 'FORWARDING_NOTICE', 'DOCUMENTS_REQUESTED', 'WITHDRAWAL_CONFIRMED', 'OFFER', 'OFFER_WITHDRAWN', 'APPEAL_DISMISSED', 'APPEAL_FORWARDED', 'APPEAL_OUTCOME'));
