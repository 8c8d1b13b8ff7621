-- Roles that decide, administer or audit, and clearances, asked for by one administrator and held once another has approved.

CREATE TABLE role_request (
    municipality_id BLOB NOT NULL
        CONSTRAINT role_request_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT role_request_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    user_id BLOB NOT NULL
        CONSTRAINT role_request_user_id_uuid CHECK (length(user_id) = 16),
    role TEXT
        CONSTRAINT role_request_role_code CHECK (role IN ('CASEWORKER', 'TEAM_MEMBER', 'DECISION_MAKER', 'HOUSING_MANAGER', 'APPEALS_OFFICER', 'NAV_ADVISOR', 'STATISTICIAN', 'AUDITOR', 'PRIVACY_OFFICER', 'ADMIN')),
    clearance TEXT
        CONSTRAINT role_request_clearance_code CHECK (clearance IN ('CLIENT_ADDRESS', 'CONFIDENTIAL', 'STRICTLY_CONFIDENTIAL')),
    state TEXT NOT NULL
        CONSTRAINT role_request_state_code CHECK (state IN ('OPEN', 'APPROVED', 'DECLINED', 'WITHDRAWN')),
    requested_by BLOB NOT NULL
        CONSTRAINT role_request_requested_by_uuid CHECK (length(requested_by) = 16),
    requested_at TEXT NOT NULL
        CONSTRAINT role_request_requested_at_time CHECK (requested_at GLOB '????-??-??T??:??:??.??????Z'),
    decided_by BLOB
        CONSTRAINT role_request_decided_by_uuid CHECK (decided_by IS NULL OR length(decided_by) = 16),
    decided_at TEXT
        CONSTRAINT role_request_decided_at_time CHECK (decided_at IS NULL OR decided_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT role_request_one_power CHECK ((role IS NULL) <> (clearance IS NULL)),
    CONSTRAINT role_request_decided_whole CHECK ((state = 'OPEN') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT role_request_by_two CHECK (state <> 'APPROVED' OR (decided_by <> requested_by AND decided_by <> user_id AND requested_by <> user_id)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, requested_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, decided_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX role_request_one_open ON role_request (municipality_id, user_id, role)
    WHERE state = 'OPEN';
CREATE UNIQUE INDEX role_request_one_clearance ON role_request (municipality_id, user_id)
    WHERE state = 'OPEN' AND clearance IS NOT NULL;
