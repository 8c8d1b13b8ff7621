-- Two decisions of one case: by which law, what exactly, until when, and when the party was told.

ALTER TABLE decision DROP CONSTRAINT decision_outcome_code;
ALTER TABLE decision ADD CONSTRAINT decision_outcome_code
    CHECK (outcome IN ('GRANTED', 'PARTLY_GRANTED', 'REFUSED', 'DISMISSED'));
ALTER TABLE decision DROP CONSTRAINT decision_legal_basis_code;
ALTER TABLE decision ADD CONSTRAINT decision_legal_basis_code
    CHECK (legal_basis IN ('HOUSING_ASSISTANCE_ACT', 'MUNICIPAL_DWELLING', 'CARE_PLACE', 'TEMPORARY_ACCOMMODATION'));
ALTER TABLE decision DROP CONSTRAINT decision_state_code;
ALTER TABLE decision ADD CONSTRAINT decision_state_code
    CHECK (state IN ('PROPOSED', 'APPROVED', 'RETURNED', 'REPLACED'));
ALTER TABLE decision DROP CONSTRAINT decision_four_eyes;
ALTER TABLE decision ADD CONSTRAINT decision_four_eyes
    CHECK (state = 'PROPOSED' OR state = 'RETURNED' OR (decided_by IS NOT NULL AND decided_by <> proposed_by));

-- The first day on which it no longer holds, where it names one.
ALTER TABLE decision ADD COLUMN valid_until date;
-- The decision that this one takes the place of: a decision is never changed, only replaced.
ALTER TABLE decision ADD COLUMN replaces uuid;
-- When the party was notified, and the last day for an appeal that follows from it.
ALTER TABLE decision ADD COLUMN notified_at timestamptz;
ALTER TABLE decision ADD COLUMN appeal_until date;
ALTER TABLE decision ADD CONSTRAINT decision_notified
    CHECK ((notified_at IS NULL) = (appeal_until IS NULL) AND (notified_at IS NULL OR state = 'APPROVED' OR state = 'REPLACED'));

DROP INDEX decision_one_proposal_per_application;
CREATE UNIQUE INDEX decision_one_proposal_per_application ON decision (municipality_id, application_id, legal_basis)
    WHERE state = 'PROPOSED';
CREATE UNIQUE INDEX decision_one_on_assistance ON decision (municipality_id, application_id)
    WHERE state = 'APPROVED' AND legal_basis = 'HOUSING_ASSISTANCE_ACT';
CREATE UNIQUE INDEX decision_replaced_once ON decision (municipality_id, replaces)
    WHERE replaces IS NOT NULL AND state <> 'RETURNED';

ALTER TABLE decision_version ADD COLUMN notified_at timestamptz;
ALTER TABLE decision_version ADD COLUMN appeal_until date;
CREATE OR REPLACE FUNCTION rettbolig_keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO decision_version (municipality_id, id, version, state, decided_by, decided_at, recorded_at, notified_at, appeal_until)
    VALUES (NEW.municipality_id, NEW.id, NEW.version, NEW.state, NEW.decided_by, NEW.decided_at, NEW.recorded_at, NEW.notified_at, NEW.appeal_until);
    RETURN NULL;
END $$;

-- Cases end in more ways.
ALTER TABLE application DROP CONSTRAINT application_state_code;
ALTER TABLE application ADD CONSTRAINT application_state_code
    CHECK (state IN ('SUBMITTED', 'ASSIGNED', 'INCOMPLETE', 'IN_ASSESSMENT', 'TEAM_REVIEW', 'WAITING', 'OFFERED', 'HOUSED', 'REFUSED', 'WITHDRAWN', 'FORWARDED', 'CONCLUDED', 'DISMISSED', 'MERGED', 'LAPSED'));
