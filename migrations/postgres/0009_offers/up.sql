-- Offers of homes.

-- An offer of a home ("tilbud").
CREATE TABLE offer (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    allocation_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    application_id uuid NOT NULL,
    household_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    state text NOT NULL
        CONSTRAINT offer_state_code CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED')),
    made_at timestamptz NOT NULL,
    answer_by date NOT NULL,
    lease_months smallint NOT NULL
        CONSTRAINT offer_lease_months_range CHECK (lease_months > 0),
    answered_at timestamptz,
    decline_reason text
        CONSTRAINT offer_decline_reason_code CHECK (decline_reason IN ('LOCATION', 'SIZE', 'NOT_ACCESSIBLE', 'RENT', 'SAFETY', 'FOUND_OTHER', 'NOT_STATED')),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, allocation_id) REFERENCES allocation (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE INDEX offer_by_application ON offer (municipality_id, application_id);
SELECT rettbolig_isolate('offer');
GRANT SELECT, INSERT, UPDATE, DELETE ON offer TO rettbolig_app;
