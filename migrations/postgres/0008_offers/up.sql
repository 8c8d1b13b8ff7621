-- Homes held for households, and the offers of them.

-- A home held for a household, from the decision until the tenancy ends ("tildeling").
CREATE TABLE allocation (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    household_id uuid NOT NULL,
    application_id uuid,
    decision_id uuid,
    state text NOT NULL
        CONSTRAINT allocation_state_code CHECK (state IN ('ACTIVE', 'ENDED')),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, household_id) REFERENCES household (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
);
CREATE UNIQUE INDEX allocation_one_per_dwelling ON allocation (municipality_id, dwelling_id)
    WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX allocation_one_per_household ON allocation (municipality_id, household_id)
    WHERE state = 'ACTIVE';
SELECT rettbolig_isolate('allocation');
GRANT SELECT, INSERT, UPDATE, DELETE ON allocation TO rettbolig_app;

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
    answered_at timestamptz,
    decline_reason text,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, allocation_id) REFERENCES allocation (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE INDEX offer_by_application ON offer (municipality_id, application_id);
SELECT rettbolig_isolate('offer');
GRANT SELECT, INSERT, UPDATE, DELETE ON offer TO rettbolig_app;
