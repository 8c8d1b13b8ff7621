-- How long what is known of people is kept, what keeps it longer, and how it is erased: by two, on a legal ground.

-- For how many months something is kept after it ended; half-open period of validity.
CREATE TABLE retention_rule (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    concern text NOT NULL
        CONSTRAINT retention_rule_concern_code CHECK (concern IN ('CASE', 'TENANCY', 'REGISTRATION', 'SIGN_IN')),
    months smallint NOT NULL
        CONSTRAINT retention_rule_months_range CHECK (months BETWEEN 1 AND 1200),
    legal_basis text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    created_at timestamptz NOT NULL,
    CONSTRAINT retention_rule_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX retention_rule_one_open ON retention_rule (municipality_id, concern) WHERE valid_until IS NULL;
SELECT rettbolig_isolate('retention_rule');
GRANT SELECT, INSERT, UPDATE ON retention_rule TO rettbolig_app;

-- A reason for which nothing of a person may be erased for a while.
CREATE TABLE legal_hold (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    person_id uuid NOT NULL,
    reason text NOT NULL
        CONSTRAINT legal_hold_reason_code CHECK (reason IN ('APPEAL', 'COURT', 'SUPERVISION', 'ACCESS_REQUEST')),
    valid_from date NOT NULL,
    valid_until date,
    placed_by uuid NOT NULL,
    placed_at timestamptz NOT NULL,
    lifted_by uuid,
    lifted_at timestamptz,
    CONSTRAINT legal_hold_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    CONSTRAINT legal_hold_lifted CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id)
);
CREATE INDEX legal_hold_by_person ON legal_hold (municipality_id, person_id, id);
SELECT rettbolig_isolate('legal_hold');
GRANT SELECT, INSERT, UPDATE ON legal_hold TO rettbolig_app;

-- A person's erasure, from the request on.
CREATE TABLE erasure (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    person_id uuid NOT NULL,
    ground text NOT NULL
        CONSTRAINT erasure_ground_code CHECK (ground IN ('NO_LONGER_NECESSARY', 'UNLAWFULLY_PROCESSED', 'LEGAL_OBLIGATION')),
    state text NOT NULL
        CONSTRAINT erasure_state_code CHECK (state IN ('REQUESTED', 'APPROVED_ONCE', 'CARRIED_OUT', 'WITHDRAWN')),
    -- Nobody where the service itself proposed it, because the time was over.
    requested_by uuid,
    requested_at timestamptz NOT NULL,
    first_approver uuid,
    second_approver uuid,
    carried_out_at timestamptz,
    CONSTRAINT erasure_by_two CHECK (state <> 'CARRIED_OUT' OR (first_approver IS NOT NULL AND second_approver IS NOT NULL
        AND first_approver <> second_approver AND carried_out_at IS NOT NULL)),
    CONSTRAINT erasure_not_before CHECK (second_approver IS NULL OR state = 'CARRIED_OUT'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, first_approver) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, second_approver) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX erasure_one_per_person ON erasure (municipality_id, person_id) WHERE state <> 'WITHDRAWN';
CREATE INDEX erasure_by_state ON erasure (municipality_id, state, id);
SELECT rettbolig_isolate('erasure');
GRANT SELECT, INSERT, UPDATE ON erasure TO rettbolig_app;
-- What was carried out stays so: the permission to take segments out of the log rests on it.
CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER erasure_no_return BEFORE UPDATE ON erasure
    FOR EACH ROW WHEN (OLD.state = 'CARRIED_OUT' OR OLD.state = 'WITHDRAWN') EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER erasure_no_truncate BEFORE TRUNCATE ON erasure
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- Once erased, a person has no key, and nothing that was sealed can be read.
ALTER TABLE person ADD COLUMN erased_at timestamptz
    CONSTRAINT person_erased CHECK (erased_at IS NULL OR (sealed_key = '' AND sealed = ''));

-- A segment goes only with its person, and only after two have approved.
CREATE FUNCTION rettbolig_keep_segment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM erasure
        WHERE municipality_id = OLD.municipality_id AND person_id = OLD.person_id AND state = 'CARRIED_OUT') THEN
        RAISE EXCEPTION 'append_only:%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER audit_segment_append_only ON audit_segment;
CREATE TRIGGER audit_segment_no_update BEFORE UPDATE ON audit_segment
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segment
    FOR EACH ROW EXECUTE FUNCTION rettbolig_keep_segment();
GRANT DELETE ON audit_segment TO rettbolig_app;
