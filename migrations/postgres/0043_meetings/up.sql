-- Meetings of the allocation team.

-- A meeting of the allocation team ("tildelingsmøte").
CREATE TABLE meeting (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    meets_on date NOT NULL,
    state text NOT NULL
        CONSTRAINT meeting_state_code CHECK (state IN ('PLANNED', 'CLOSED', 'CANCELLED')),
    called_by uuid NOT NULL,
    closed_by uuid,
    closed_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT meeting_closed CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, called_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, closed_by) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('meeting');
GRANT SELECT, INSERT, UPDATE, DELETE ON meeting TO rettbolig_app;

-- Who takes part, for which discipline.
CREATE TABLE meeting_member (
    municipality_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    user_id uuid NOT NULL,
    discipline text NOT NULL
        CONSTRAINT meeting_member_discipline_code CHECK (discipline IN ('HOUSING', 'NAV', 'HEALTH_AND_CARE', 'MENTAL_HEALTH_AND_SUBSTANCE', 'CHILD_WELFARE', 'REFUGEE_SERVICE', 'PROPERTY', 'OTHER')),
    is_chair boolean NOT NULL,
    is_present boolean NOT NULL,
    PRIMARY KEY (municipality_id, meeting_id, user_id),
    FOREIGN KEY (municipality_id, meeting_id) REFERENCES meeting (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX meeting_one_chair ON meeting_member (municipality_id, meeting_id) WHERE is_chair;
SELECT rettbolig_isolate('meeting_member');
GRANT SELECT, INSERT, UPDATE, DELETE ON meeting_member TO rettbolig_app;

-- A case or a vacant home on the agenda, and what the team recommends.
CREATE TABLE agenda_item (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    meeting_id uuid NOT NULL,
    place smallint NOT NULL
        CONSTRAINT agenda_item_place_range CHECK (place > 0),
    application_id uuid,
    dwelling_id uuid,
    advice text
        CONSTRAINT agenda_item_advice_code CHECK (advice IN ('GRANT', 'REFUSE', 'MORE_INFORMATION')),
    advised_dwelling_id uuid,
    sealed_advice text,
    advised_by uuid,
    advised_at timestamptz,
    decision_id uuid,
    CONSTRAINT agenda_item_about_one CHECK ((application_id IS NULL) <> (dwelling_id IS NULL)),
    CONSTRAINT agenda_item_advice CHECK ((advice IS NULL) = (advised_at IS NULL) AND (advice IS NULL OR application_id IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, meeting_id) REFERENCES meeting (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, advised_dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, advised_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
);
CREATE UNIQUE INDEX agenda_item_place ON agenda_item (municipality_id, meeting_id, place);
CREATE INDEX agenda_item_by_application ON agenda_item (municipality_id, application_id);
CREATE INDEX agenda_item_by_decision ON agenda_item (municipality_id, decision_id);
SELECT rettbolig_isolate('agenda_item');
GRANT SELECT, INSERT, UPDATE, DELETE ON agenda_item TO rettbolig_app;

-- Who has said not to be impartial in a case ("inhabilitet", forvaltningsloven § 6).
CREATE TABLE conflict_of_interest (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    user_id uuid NOT NULL,
    ground text NOT NULL
        CONSTRAINT conflict_of_interest_ground_code CHECK (ground IN ('PARTY', 'FAMILY', 'REPRESENTS_PARTY', 'OTHER_CIRCUMSTANCE')),
    declared_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, application_id, user_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('conflict_of_interest');
GRANT SELECT, INSERT, UPDATE, DELETE ON conflict_of_interest TO rettbolig_app;

-- Who was asked, because name or address is that of somebody in the case, and answered to be impartial (forvaltningsloven §§ 6 and 8).
CREATE TABLE impartiality_answer (
    municipality_id uuid NOT NULL,
    application_id uuid NOT NULL,
    user_id uuid NOT NULL,
    ground text NOT NULL
        CONSTRAINT impartiality_answer_ground_code CHECK (ground IN ('COINCIDENCE', 'DISTANT_RELATION', 'NEIGHBOUR')),
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, application_id, user_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('impartiality_answer');
GRANT SELECT, INSERT, UPDATE, DELETE ON impartiality_answer TO rettbolig_app;

-- How a member voted; why somebody dissented stands with the advice.
CREATE TABLE agenda_vote (
    municipality_id uuid NOT NULL,
    item_id uuid NOT NULL,
    user_id uuid NOT NULL,
    vote text NOT NULL
        CONSTRAINT agenda_vote_vote_code CHECK (vote IN ('FOR', 'AGAINST', 'ABSTAINED')),
    PRIMARY KEY (municipality_id, item_id, user_id),
    FOREIGN KEY (municipality_id, item_id) REFERENCES agenda_item (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
);
SELECT rettbolig_isolate('agenda_vote');
GRANT SELECT, INSERT, UPDATE, DELETE ON agenda_vote TO rettbolig_app;
