-- What is true of a household's housing, over periods, with source and verification.

-- A housing situation; half-open period.
CREATE TABLE situation (
    municipality_id BLOB NOT NULL
        CONSTRAINT situation_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT situation_id_uuid CHECK (length(id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT situation_household_id_uuid CHECK (length(household_id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT situation_kind_code CHECK (kind IN ('HOMELESS', 'AT_RISK', 'UNSUITABLE_HOUSING')),
    reason TEXT NOT NULL
        CONSTRAINT situation_reason_code CHECK (reason IN ('SLEEPING_OUT', 'ACUTE_OVERNIGHT', 'TEMPORARY_ACCOMMODATION', 'CRISIS_SHELTER', 'LEAVING_PRISON', 'LEAVING_INSTITUTION', 'WITH_FRIENDS_OR_RELATIVES', 'REFUGEE_SETTLEMENT', 'EVICTION_NOTIFIED', 'LEASE_ENDING', 'ARREARS', 'DISPLACED_BY_DEMOLITION', 'OVERCROWDED', 'NOT_ACCESSIBLE', 'HEALTH_HAZARD', 'UNSAFE_FROM_VIOLENCE', 'HARMFUL_NEIGHBOURHOOD', 'NEEDS_CLOSER_SERVICES')),
    valid_from TEXT NOT NULL
        CONSTRAINT situation_valid_from_date CHECK (date(valid_from) IS valid_from),
    valid_until TEXT
        CONSTRAINT situation_valid_until_date CHECK (valid_until IS NULL OR date(valid_until) IS valid_until),
    source TEXT NOT NULL
        CONSTRAINT situation_source_code CHECK (source IN ('APPLICANT', 'NAV', 'HEALTH_SERVICE', 'CHILD_WELFARE', 'CORRECTIONAL_SERVICE', 'REGISTER', 'CASEWORKER')),
    verification TEXT NOT NULL
        CONSTRAINT situation_verification_code CHECK (verification IN ('UNVERIFIED', 'DOCUMENTED', 'CONFIRMED')),
    recorded_at TEXT NOT NULL
        CONSTRAINT situation_recorded_at_time CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z'),
    -- Since when it is known to have been wrong.
    corrected_at TEXT
        CONSTRAINT situation_corrected_at_time CHECK (corrected_at IS NULL OR corrected_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT situation_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id)
) STRICT;
CREATE INDEX situation_by_household ON situation (municipality_id, household_id);
