-- What is true of a household's housing, over periods, with source and verification.

-- A housing situation; half-open period.
CREATE TABLE situation (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT situation_kind_code CHECK (kind IN ('HOMELESS', 'AT_RISK', 'UNSUITABLE_HOUSING')),
    reason text NOT NULL
        CONSTRAINT situation_reason_code CHECK (reason IN ('SLEEPING_OUT', 'ACUTE_OVERNIGHT', 'TEMPORARY_ACCOMMODATION', 'CRISIS_SHELTER', 'LEAVING_PRISON', 'LEAVING_INSTITUTION', 'WITH_FRIENDS_OR_RELATIVES', 'REFUGEE_SETTLEMENT', 'EVICTION_NOTIFIED', 'LEASE_ENDING', 'ARREARS', 'DISPLACED_BY_DEMOLITION', 'OVERCROWDED', 'NOT_ACCESSIBLE', 'HEALTH_HAZARD', 'UNSAFE_FROM_VIOLENCE', 'HARMFUL_NEIGHBOURHOOD', 'NEEDS_CLOSER_SERVICES')),
    valid_from date NOT NULL,
    valid_until date,
    source text NOT NULL
        CONSTRAINT situation_source_code CHECK (source IN ('APPLICANT', 'NAV', 'HEALTH_SERVICE', 'CHILD_WELFARE', 'CORRECTIONAL_SERVICE', 'REGISTER', 'CASEWORKER')),
    verification text NOT NULL
        CONSTRAINT situation_verification_code CHECK (verification IN ('UNVERIFIED', 'DOCUMENTED', 'CONFIRMED')),
    recorded_at timestamptz NOT NULL,
    -- Since when it is known to have been wrong.
    corrected_at timestamptz,
    CONSTRAINT situation_period CHECK (valid_until IS NULL OR valid_from < valid_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id)
);
CREATE INDEX situation_by_household ON situation (municipality_id, household_id);
SELECT rettbolig_isolate('situation');
GRANT SELECT, INSERT, UPDATE, DELETE ON situation TO rettbolig_app;
