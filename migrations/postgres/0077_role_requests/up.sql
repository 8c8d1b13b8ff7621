-- Roles that decide, administer or audit, and clearances, asked for by one administrator and held once another has approved.

CREATE TABLE role_request (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    user_id uuid NOT NULL,
    role text
        CONSTRAINT role_request_role_code CHECK (role IN ('CASEWORKER', 'TEAM_MEMBER', 'DECISION_MAKER', 'HOUSING_MANAGER', 'APPEALS_OFFICER', 'NAV_ADVISOR', 'STATISTICIAN', 'AUDITOR', 'PRIVACY_OFFICER', 'ADMIN')),
    clearance text
        CONSTRAINT role_request_clearance_code CHECK (clearance IN ('CLIENT_ADDRESS', 'CONFIDENTIAL', 'STRICTLY_CONFIDENTIAL')),
    state text NOT NULL
        CONSTRAINT role_request_state_code CHECK (state IN ('OPEN', 'APPROVED', 'DECLINED', 'WITHDRAWN')),
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    CONSTRAINT role_request_one_power CHECK ((role IS NULL) <> (clearance IS NULL)),
    CONSTRAINT role_request_decided_whole CHECK ((state = 'OPEN') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT role_request_by_two CHECK (state <> 'APPROVED' OR (decided_by <> requested_by AND decided_by <> user_id AND requested_by <> user_id)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, requested_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, decided_by) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX role_request_one_open ON role_request (municipality_id, user_id, role)
    WHERE state = 'OPEN';
CREATE UNIQUE INDEX role_request_one_clearance ON role_request (municipality_id, user_id)
    WHERE state = 'OPEN' AND clearance IS NOT NULL;
SELECT rettbolig_isolate('role_request');
GRANT SELECT, INSERT, UPDATE ON role_request TO rettbolig_app;
