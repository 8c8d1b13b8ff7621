-- Exceptions from need to know and from impartiality.

-- A case that somebody opened in an emergency ("nødtilgang"): for an hour, told to the leader, reviewed by somebody else.
CREATE TABLE emergency_access (
    municipality_id BLOB NOT NULL
        CONSTRAINT emergency_access_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT emergency_access_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    user_id BLOB NOT NULL
        CONSTRAINT emergency_access_user_id_uuid CHECK (length(user_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT emergency_access_application_id_uuid CHECK (length(application_id) = 16),
    ground TEXT NOT NULL
        CONSTRAINT emergency_access_ground_code CHECK (ground IN ('LIFE_OR_HEALTH', 'NO_SHELTER_TONIGHT', 'CHILD_AT_RISK', 'DEADLINE_IN_ABSENCE')),
    sealed_reason TEXT NOT NULL,
    opened_at TEXT NOT NULL
        CONSTRAINT emergency_access_opened_at_time CHECK (opened_at GLOB '????-??-??T??:??:??.??????Z'),
    expires_at TEXT NOT NULL
        CONSTRAINT emergency_access_expires_at_time CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    leader_id BLOB
        CONSTRAINT emergency_access_leader_id_uuid CHECK (leader_id IS NULL OR length(leader_id) = 16),
    review_due_on TEXT NOT NULL
        CONSTRAINT emergency_access_review_due_on_date CHECK (date(review_due_on) IS review_due_on),
    reviewed_by BLOB
        CONSTRAINT emergency_access_reviewed_by_uuid CHECK (reviewed_by IS NULL OR length(reviewed_by) = 16),
    reviewed_at TEXT
        CONSTRAINT emergency_access_reviewed_at_time CHECK (reviewed_at IS NULL OR reviewed_at GLOB '????-??-??T??:??:??.??????Z'),
    finding TEXT
        CONSTRAINT emergency_access_finding_code CHECK (finding IN ('JUSTIFIED', 'NOT_JUSTIFIED')),
    CONSTRAINT emergency_access_reviewed_whole CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (finding IS NULL)),
    CONSTRAINT emergency_access_not_own_review CHECK (reviewed_by IS NULL OR reviewed_by <> user_id),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, leader_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, reviewed_by) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX emergency_access_by_user ON emergency_access (municipality_id, user_id, expires_at);
CREATE INDEX emergency_access_by_leader ON emergency_access (municipality_id, leader_id, id);
CREATE INDEX emergency_access_by_case ON emergency_access (municipality_id, application_id);

-- A leader's written word that an employee handles a case in spite of being partial (forvaltningsloven § 6).
CREATE TABLE impartiality_exception (
    municipality_id BLOB NOT NULL
        CONSTRAINT impartiality_exception_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT impartiality_exception_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    user_id BLOB NOT NULL
        CONSTRAINT impartiality_exception_user_id_uuid CHECK (length(user_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT impartiality_exception_application_id_uuid CHECK (length(application_id) = 16),
    sealed_reason TEXT NOT NULL,
    granted_by BLOB NOT NULL
        CONSTRAINT impartiality_exception_granted_by_uuid CHECK (length(granted_by) = 16),
    granted_at TEXT NOT NULL
        CONSTRAINT impartiality_exception_granted_at_time CHECK (granted_at GLOB '????-??-??T??:??:??.??????Z'),
    withdrawn_at TEXT
        CONSTRAINT impartiality_exception_withdrawn_at_time CHECK (withdrawn_at IS NULL OR withdrawn_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT impartiality_exception_by_another CHECK (granted_by <> user_id),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, granted_by) REFERENCES user_account (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX impartiality_exception_one ON impartiality_exception (municipality_id, user_id, application_id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX impartiality_exception_by_case ON impartiality_exception (municipality_id, application_id);

-- The few people whom hardly anybody may locate: their homes are looked for with every list of homes.
CREATE INDEX person_protected ON person (municipality_id, protection) WHERE protection <> 'UNGRADED';
