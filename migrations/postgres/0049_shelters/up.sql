-- Temporary accommodation ("midlertidig botilbud", sosialtjenesteloven § 27): who offers it, who is granted it, every stay and every check.

CREATE TABLE shelter_provider (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL
        CONSTRAINT shelter_provider_kind_code CHECK (kind IN ('MUNICIPAL', 'HOSTEL', 'HOTEL', 'CAMPSITE', 'PRIVATE_LET', 'NIGHT_SHELTER')),
    organisation_number text,
    nightly_ore bigint NOT NULL
        CONSTRAINT shelter_provider_nightly_ore_range CHECK (nightly_ore >= 0),
    suits_children boolean NOT NULL,
    checked_on date,
    is_open boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('shelter_provider');
GRANT SELECT, INSERT, UPDATE ON shelter_provider TO rettbolig_app;

CREATE TABLE shelter_decision (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    household_id uuid NOT NULL,
    application_id uuid,
    decision_id uuid,
    outcome text NOT NULL
        CONSTRAINT shelter_decision_outcome_code CHECK (outcome IN ('GRANTED', 'REFUSED')),
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    reasons text NOT NULL,
    exit_plan text,
    exit_by date,
    decided_by uuid,
    decided_at timestamptz NOT NULL,
    CONSTRAINT shelter_decision_period CHECK (valid_from < valid_until),
    CONSTRAINT shelter_decision_exit_whole CHECK ((exit_plan IS NULL) = (exit_by IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
);
CREATE INDEX shelter_decision_by_household ON shelter_decision (municipality_id, household_id);
SELECT rettbolig_isolate('shelter_decision');
GRANT SELECT, INSERT, UPDATE ON shelter_decision TO rettbolig_app;

-- The ledger. What a night costs is written down when the stay begins; a price that changes later changes no stay.
CREATE TABLE shelter_stay (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    decision_id uuid NOT NULL,
    household_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    children integer NOT NULL
        CONSTRAINT shelter_stay_children_range CHECK (children >= 0),
    nightly_ore bigint NOT NULL
        CONSTRAINT shelter_stay_nightly_ore_range CHECK (nightly_ore >= 0),
    is_night_shelter boolean NOT NULL,
    began_on date NOT NULL,
    ended_on date,
    checked_on date,
    check_outcome text
        CONSTRAINT shelter_stay_check_outcome_code CHECK (check_outcome IN ('SATISFACTORY', 'TO_BE_MENDED', 'NOT_DEFENSIBLE')),
    CONSTRAINT shelter_stay_period CHECK (began_on <= ended_on),
    CONSTRAINT shelter_stay_check_whole CHECK ((checked_on IS NULL) = (check_outcome IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES shelter_decision (municipality_id, id),
    FOREIGN KEY (municipality_id, provider_id) REFERENCES shelter_provider (municipality_id, id)
);
-- Nobody sleeps in two places.
CREATE UNIQUE INDEX shelter_stay_one_ongoing ON shelter_stay (municipality_id, household_id) WHERE ended_on IS NULL;
CREATE INDEX shelter_stay_by_begin ON shelter_stay (municipality_id, began_on);
SELECT rettbolig_isolate('shelter_stay');
GRANT SELECT, INSERT, UPDATE ON shelter_stay TO rettbolig_app;
