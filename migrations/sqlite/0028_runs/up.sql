-- What the team does with a plan, and who was chosen for a home by a decision.

-- One line of a plan, and what the team did with it.
CREATE TABLE matching_proposal (
    municipality_id BLOB NOT NULL
        CONSTRAINT matching_proposal_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT matching_proposal_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    run_id BLOB NOT NULL
        CONSTRAINT matching_proposal_run_id_uuid CHECK (length(run_id) = 16),
    place INTEGER NOT NULL,
    application_id BLOB NOT NULL
        CONSTRAINT matching_proposal_application_id_uuid CHECK (length(application_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT matching_proposal_household_id_uuid CHECK (length(household_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT matching_proposal_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    points INTEGER NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT matching_proposal_state_code CHECK (state IN ('OPEN', 'TAKEN', 'CHANGED', 'DROPPED')),
    chosen_dwelling_id BLOB
        CONSTRAINT matching_proposal_chosen_dwelling_id_uuid CHECK (chosen_dwelling_id IS NULL OR length(chosen_dwelling_id) = 16),
    reason TEXT
        CONSTRAINT matching_proposal_reason_code CHECK (reason IN ('HOUSEHOLD_DECLINES', 'CHILDRENS_INTEREST', 'HEALTH_OR_SAFETY', 'NEIGHBOURHOOD', 'HOME_NOT_READY', 'ANOTHER_SOLUTION', 'FACTS_CHANGED', 'TEAM_DISCRETION')),
    handled_by BLOB
        CONSTRAINT matching_proposal_handled_by_uuid CHECK (handled_by IS NULL OR length(handled_by) = 16),
    handled_at TEXT
        CONSTRAINT matching_proposal_handled_at_time CHECK (handled_at IS NULL OR handled_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT matching_proposal_handled CHECK ((state = 'OPEN') = (handled_at IS NULL)),
    CONSTRAINT matching_proposal_reasoned CHECK ((state = 'CHANGED' OR state = 'DROPPED') = (reason IS NOT NULL)),
    CONSTRAINT matching_proposal_chosen CHECK ((state = 'CHANGED') = (chosen_dwelling_id IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, run_id) REFERENCES matching_run (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, chosen_dwelling_id) REFERENCES dwelling (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX matching_proposal_one_per_case ON matching_proposal (municipality_id, run_id, application_id);
CREATE INDEX matching_proposal_by_time ON matching_proposal (municipality_id, handled_at)
    WHERE handled_at IS NOT NULL;

-- Who was given which home by a decision, and by which snapshot it can be told who was passed over.
CREATE TABLE matching_choice (
    municipality_id BLOB NOT NULL
        CONSTRAINT matching_choice_municipality_id_uuid CHECK (length(municipality_id) = 16),
    decision_id BLOB NOT NULL
        CONSTRAINT matching_choice_decision_id_uuid CHECK (length(decision_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT matching_choice_application_id_uuid CHECK (length(application_id) = 16),
    dwelling_id BLOB NOT NULL
        CONSTRAINT matching_choice_dwelling_id_uuid CHECK (length(dwelling_id) = 16),
    snapshot_sha256 BLOB NOT NULL,
    rule_set_id BLOB NOT NULL
        CONSTRAINT matching_choice_rule_set_id_uuid CHECK (length(rule_set_id) = 16),
    engine_version TEXT NOT NULL,
    chosen_at TEXT NOT NULL
        CONSTRAINT matching_choice_chosen_at_time CHECK (chosen_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, decision_id),
    FOREIGN KEY (municipality_id, snapshot_sha256) REFERENCES matching_snapshot (municipality_id, sha256),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id)
) STRICT;
CREATE INDEX matching_choice_by_time ON matching_choice (municipality_id, chosen_at);
