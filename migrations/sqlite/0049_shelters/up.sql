-- Temporary accommodation ("midlertidig botilbud", sosialtjenesteloven § 27): who offers it, who is granted it, every stay and every check.

CREATE TABLE shelter_provider (
    municipality_id BLOB NOT NULL
        CONSTRAINT shelter_provider_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT shelter_provider_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT shelter_provider_kind_code CHECK (kind IN ('MUNICIPAL', 'HOSTEL', 'HOTEL', 'CAMPSITE', 'PRIVATE_LET', 'NIGHT_SHELTER')),
    organisation_number TEXT,
    nightly_ore INTEGER NOT NULL
        CONSTRAINT shelter_provider_nightly_ore_range CHECK (nightly_ore >= 0),
    suits_children INTEGER NOT NULL
        CONSTRAINT shelter_provider_suits_children_bool CHECK (suits_children IN (0, 1)),
    checked_on TEXT
        CONSTRAINT shelter_provider_checked_on_date CHECK (date(checked_on) IS checked_on),
    is_open INTEGER NOT NULL
        CONSTRAINT shelter_provider_is_open_bool CHECK (is_open IN (0, 1)),
    created_at TEXT NOT NULL
        CONSTRAINT shelter_provider_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE shelter_decision (
    municipality_id BLOB NOT NULL
        CONSTRAINT shelter_decision_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT shelter_decision_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    household_id BLOB NOT NULL
        CONSTRAINT shelter_decision_household_id_uuid CHECK (length(household_id) = 16),
    application_id BLOB
        CONSTRAINT shelter_decision_application_id_uuid CHECK (length(application_id) = 16),
    decision_id BLOB
        CONSTRAINT shelter_decision_decision_id_uuid CHECK (length(decision_id) = 16),
    outcome TEXT NOT NULL
        CONSTRAINT shelter_decision_outcome_code CHECK (outcome IN ('GRANTED', 'REFUSED')),
    valid_from TEXT NOT NULL
        CONSTRAINT shelter_decision_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT NOT NULL
        CONSTRAINT shelter_decision_valid_until_date CHECK (date(valid_until) IS valid_until),
    reasons TEXT NOT NULL,
    exit_plan TEXT,
    exit_by TEXT
        CONSTRAINT shelter_decision_exit_by_date CHECK (date(exit_by) IS exit_by),
    decided_by BLOB
        CONSTRAINT shelter_decision_decided_by_uuid CHECK (length(decided_by) = 16),
    decided_at TEXT NOT NULL
        CONSTRAINT shelter_decision_decided_at_time CHECK (decided_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT shelter_decision_period CHECK (valid_from < valid_until),
    CONSTRAINT shelter_decision_exit_whole CHECK ((exit_plan IS NULL) = (exit_by IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelter_decision_by_household ON shelter_decision (municipality_id, household_id);

-- The ledger. What a night costs is written down when the stay begins; a price that changes later changes no stay.
CREATE TABLE shelter_stay (
    municipality_id BLOB NOT NULL
        CONSTRAINT shelter_stay_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT shelter_stay_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    decision_id BLOB NOT NULL
        CONSTRAINT shelter_stay_decision_id_uuid CHECK (length(decision_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT shelter_stay_household_id_uuid CHECK (length(household_id) = 16),
    provider_id BLOB NOT NULL
        CONSTRAINT shelter_stay_provider_id_uuid CHECK (length(provider_id) = 16),
    children INTEGER NOT NULL
        CONSTRAINT shelter_stay_children_range CHECK (children >= 0),
    nightly_ore INTEGER NOT NULL
        CONSTRAINT shelter_stay_nightly_ore_range CHECK (nightly_ore >= 0),
    is_night_shelter INTEGER NOT NULL
        CONSTRAINT shelter_stay_is_night_shelter_bool CHECK (is_night_shelter IN (0, 1)),
    began_on TEXT NOT NULL
        CONSTRAINT shelter_stay_began_on_date CHECK (date(began_on) IS began_on),
    ended_on TEXT
        CONSTRAINT shelter_stay_ended_on_date CHECK (date(ended_on) IS ended_on),
    checked_on TEXT
        CONSTRAINT shelter_stay_checked_on_date CHECK (date(checked_on) IS checked_on),
    check_outcome TEXT
        CONSTRAINT shelter_stay_check_outcome_code CHECK (check_outcome IN ('SATISFACTORY', 'TO_BE_MENDED', 'NOT_DEFENSIBLE')),
    CONSTRAINT shelter_stay_period CHECK (began_on <= ended_on),
    CONSTRAINT shelter_stay_check_whole CHECK ((checked_on IS NULL) = (check_outcome IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES shelter_decision (municipality_id, id),
    FOREIGN KEY (municipality_id, provider_id) REFERENCES shelter_provider (municipality_id, id)
) STRICT, WITHOUT ROWID;
-- Nobody sleeps in two places.
CREATE UNIQUE INDEX shelter_stay_one_ongoing ON shelter_stay (municipality_id, household_id) WHERE ended_on IS NULL;
CREATE INDEX shelter_stay_by_begin ON shelter_stay (municipality_id, began_on);
