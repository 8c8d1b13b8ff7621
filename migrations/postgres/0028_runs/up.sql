-- What the team does with a plan, and who was chosen for a home by a decision.

-- One line of a plan, and what the team did with it.
CREATE TABLE matching_proposal (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    run_id uuid NOT NULL,
    place integer NOT NULL,
    application_id uuid NOT NULL,
    household_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    points smallint NOT NULL,
    state text NOT NULL
        CONSTRAINT matching_proposal_state_code CHECK (state IN ('OPEN', 'TAKEN', 'CHANGED', 'DROPPED')),
    chosen_dwelling_id uuid,
    reason text
        CONSTRAINT matching_proposal_reason_code CHECK (reason IN ('HOUSEHOLD_DECLINES', 'CHILDRENS_INTEREST', 'HEALTH_OR_SAFETY', 'NEIGHBOURHOOD', 'HOME_NOT_READY', 'ANOTHER_SOLUTION', 'FACTS_CHANGED', 'TEAM_DISCRETION')),
    handled_by uuid,
    handled_at timestamptz,
    CONSTRAINT matching_proposal_handled CHECK ((state = 'OPEN') = (handled_at IS NULL)),
    CONSTRAINT matching_proposal_reasoned CHECK ((state = 'CHANGED' OR state = 'DROPPED') = (reason IS NOT NULL)),
    CONSTRAINT matching_proposal_chosen CHECK ((state = 'CHANGED') = (chosen_dwelling_id IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, run_id) REFERENCES matching_run (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, chosen_dwelling_id) REFERENCES dwelling (municipality_id, id)
);
CREATE UNIQUE INDEX matching_proposal_one_per_case ON matching_proposal (municipality_id, run_id, application_id);
CREATE INDEX matching_proposal_by_time ON matching_proposal (municipality_id, handled_at)
    WHERE handled_at IS NOT NULL;
SELECT rettbolig_isolate('matching_proposal');
GRANT SELECT, INSERT, UPDATE ON matching_proposal TO rettbolig_app;

-- Who was given which home by a decision, and by which snapshot it can be told who was passed over.
CREATE TABLE matching_choice (
    municipality_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    application_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    snapshot_sha256 bytea NOT NULL,
    rule_set_id uuid NOT NULL,
    engine_version text NOT NULL,
    chosen_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, decision_id),
    FOREIGN KEY (municipality_id, snapshot_sha256) REFERENCES matching_snapshot (municipality_id, sha256),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id)
);
CREATE INDEX matching_choice_by_time ON matching_choice (municipality_id, chosen_at);
SELECT rettbolig_isolate('matching_choice');
GRANT SELECT, INSERT ON matching_choice TO rettbolig_app;
