-- Offers of homes.

-- An offer of a home ("tilbud").
CREATE TABLE offer (
    municipality_id BLOB NOT NULL
        CONSTRAINT offer_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT offer_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    allocation_id BLOB NOT NULL
        CONSTRAINT offer_allocation_id_uuid CHECK (length(allocation_id) = 16),
    decision_id BLOB NOT NULL
        CONSTRAINT offer_decision_id_uuid CHECK (length(decision_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT offer_application_id_uuid CHECK (length(application_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT offer_household_id_uuid CHECK (length(household_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT offer_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    state TEXT NOT NULL
        CONSTRAINT offer_state_code CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED')),
    made_at TEXT NOT NULL
        CONSTRAINT offer_made_at_time CHECK (made_at GLOB '????-??-??T??:??:??.??????Z'),
    answer_by TEXT NOT NULL
        CONSTRAINT offer_answer_by_date CHECK (date(answer_by) IS answer_by),
    lease_months INTEGER NOT NULL
        CONSTRAINT offer_lease_months_range CHECK (lease_months > 0),
    answered_at TEXT
        CONSTRAINT offer_answered_at_time CHECK (answered_at IS NULL OR answered_at GLOB '????-??-??T??:??:??.??????Z'),
    decline_reason TEXT
        CONSTRAINT offer_decline_reason_code CHECK (decline_reason IN ('LOCATION', 'SIZE', 'NOT_ACCESSIBLE', 'RENT', 'SAFETY', 'FOUND_OTHER', 'NOT_STATED')),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, allocation_id) REFERENCES allocation (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT;
CREATE INDEX offer_by_application ON offer (municipality_id, application_id);
