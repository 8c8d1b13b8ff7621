-- Meetings of the allocation team.

-- A meeting of the allocation team ("tildelingsmøte").
CREATE TABLE meeting (
    municipality_id BLOB NOT NULL
        CONSTRAINT meeting_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT meeting_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    meets_on TEXT NOT NULL
        CONSTRAINT meeting_meets_on_date CHECK (date(meets_on) IS meets_on),
    state TEXT NOT NULL
        CONSTRAINT meeting_state_code CHECK (state IN ('PLANNED', 'CLOSED', 'CANCELLED')),
    called_by BLOB NOT NULL
        CONSTRAINT meeting_called_by_uuid CHECK (length(called_by) = 16),
    closed_by BLOB
        CONSTRAINT meeting_closed_by_uuid CHECK (closed_by IS NULL OR length(closed_by) = 16),
    closed_at TEXT
        CONSTRAINT meeting_closed_at_time CHECK (closed_at IS NULL OR closed_at GLOB '????-??-??T??:??:??.??????Z'),
    created_at TEXT NOT NULL
        CONSTRAINT meeting_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT meeting_closed CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, called_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, closed_by) REFERENCES user_account (municipality_id, id)
) STRICT;

-- Who takes part, for which discipline.
CREATE TABLE meeting_member (
    municipality_id BLOB NOT NULL
        CONSTRAINT meeting_member_municipality_id_uuid CHECK (length(municipality_id) = 16),
    meeting_id BLOB NOT NULL
        CONSTRAINT meeting_member_meeting_id_uuid CHECK (length(meeting_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT meeting_member_user_id_uuid CHECK (length(user_id) = 16),
    discipline TEXT NOT NULL
        CONSTRAINT meeting_member_discipline_code CHECK (discipline IN ('HOUSING', 'NAV', 'HEALTH_AND_CARE', 'MENTAL_HEALTH_AND_SUBSTANCE', 'CHILD_WELFARE', 'REFUGEE_SERVICE', 'PROPERTY', 'OTHER')),
    is_chair INTEGER NOT NULL
        CONSTRAINT meeting_member_is_chair_bool CHECK (is_chair IN (0, 1)),
    is_present INTEGER NOT NULL
        CONSTRAINT meeting_member_is_present_bool CHECK (is_present IN (0, 1)),
    PRIMARY KEY (municipality_id, meeting_id, user_id),
    FOREIGN KEY (municipality_id, meeting_id) REFERENCES meeting (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX meeting_one_chair ON meeting_member (municipality_id, meeting_id) WHERE is_chair;

-- A case or a vacant home on the agenda, and what the team recommends.
CREATE TABLE agenda_item (
    municipality_id BLOB NOT NULL
        CONSTRAINT agenda_item_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT agenda_item_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    meeting_id BLOB NOT NULL
        CONSTRAINT agenda_item_meeting_id_uuid CHECK (length(meeting_id) = 16),
    place INTEGER NOT NULL
        CONSTRAINT agenda_item_place_range CHECK (place > 0),
    application_id BLOB
        CONSTRAINT agenda_item_application_id_uuid CHECK (application_id IS NULL OR length(application_id) = 16),
    dwelling_id BLOB
        CONSTRAINT agenda_item_dwelling_id_uuid CHECK (dwelling_id IS NULL OR length(dwelling_id) = 16),
    advice TEXT
        CONSTRAINT agenda_item_advice_code CHECK (advice IN ('GRANT', 'REFUSE', 'MORE_INFORMATION')),
    advised_dwelling_id BLOB
        CONSTRAINT agenda_item_advised_dwelling_id_uuid CHECK (advised_dwelling_id IS NULL OR length(advised_dwelling_id) = 16),
    sealed_advice TEXT,
    advised_by BLOB
        CONSTRAINT agenda_item_advised_by_uuid CHECK (advised_by IS NULL OR length(advised_by) = 16),
    advised_at TEXT
        CONSTRAINT agenda_item_advised_at_time CHECK (advised_at IS NULL OR advised_at GLOB '????-??-??T??:??:??.??????Z'),
    decision_id BLOB
        CONSTRAINT agenda_item_decision_id_uuid CHECK (decision_id IS NULL OR length(decision_id) = 16),
    CONSTRAINT agenda_item_about_one CHECK ((application_id IS NULL) <> (dwelling_id IS NULL)),
    CONSTRAINT agenda_item_advice CHECK ((advice IS NULL) = (advised_at IS NULL) AND (advice IS NULL OR application_id IS NOT NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, meeting_id) REFERENCES meeting (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, advised_dwelling_id) REFERENCES dwelling (municipality_id, id),
    FOREIGN KEY (municipality_id, advised_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX agenda_item_place ON agenda_item (municipality_id, meeting_id, place);
CREATE INDEX agenda_item_by_application ON agenda_item (municipality_id, application_id);
CREATE INDEX agenda_item_by_decision ON agenda_item (municipality_id, decision_id);

-- Who has said not to be impartial in a case ("inhabilitet", forvaltningsloven § 6).
CREATE TABLE conflict_of_interest (
    municipality_id BLOB NOT NULL
        CONSTRAINT conflict_of_interest_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT conflict_of_interest_application_id_uuid CHECK (length(application_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT conflict_of_interest_user_id_uuid CHECK (length(user_id) = 16),
    ground TEXT NOT NULL
        CONSTRAINT conflict_of_interest_ground_code CHECK (ground IN ('PARTY', 'FAMILY', 'REPRESENTS_PARTY', 'OTHER_CIRCUMSTANCE')),
    declared_at TEXT NOT NULL
        CONSTRAINT conflict_of_interest_declared_at_time CHECK (declared_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, application_id, user_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT;

-- Who was asked, because name or address is that of somebody in the case, and answered to be impartial (forvaltningsloven §§ 6 and 8).
CREATE TABLE impartiality_answer (
    municipality_id BLOB NOT NULL
        CONSTRAINT impartiality_answer_municipality_id_uuid CHECK (length(municipality_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT impartiality_answer_application_id_uuid CHECK (length(application_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT impartiality_answer_user_id_uuid CHECK (length(user_id) = 16),
    ground TEXT NOT NULL
        CONSTRAINT impartiality_answer_ground_code CHECK (ground IN ('COINCIDENCE', 'DISTANT_RELATION', 'NEIGHBOUR')),
    answered_at TEXT NOT NULL
        CONSTRAINT impartiality_answer_answered_at_time CHECK (answered_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, application_id, user_id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT;

-- How a member voted; why somebody dissented stands with the advice.
CREATE TABLE agenda_vote (
    municipality_id BLOB NOT NULL
        CONSTRAINT agenda_vote_municipality_id_uuid CHECK (length(municipality_id) = 16),
    item_id BLOB NOT NULL
        CONSTRAINT agenda_vote_item_id_uuid CHECK (length(item_id) = 16),
    user_id BLOB NOT NULL
        CONSTRAINT agenda_vote_user_id_uuid CHECK (length(user_id) = 16),
    vote TEXT NOT NULL
        CONSTRAINT agenda_vote_vote_code CHECK (vote IN ('FOR', 'AGAINST', 'ABSTAINED')),
    PRIMARY KEY (municipality_id, item_id, user_id),
    FOREIGN KEY (municipality_id, item_id) REFERENCES agenda_item (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id)
) STRICT;
