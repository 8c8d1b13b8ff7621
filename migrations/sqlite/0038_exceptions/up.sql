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

-- Of whom data may be stored and read, but not decided on (GDPR art. 18).
CREATE TABLE processing_restriction (
    municipality_id BLOB NOT NULL
        CONSTRAINT processing_restriction_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT processing_restriction_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    person_id BLOB NOT NULL
        CONSTRAINT processing_restriction_person_id_uuid CHECK (length(person_id) = 16),
    ground TEXT NOT NULL
        CONSTRAINT processing_restriction_ground_code CHECK (ground IN ('ACCURACY_CONTESTED', 'UNLAWFUL', 'LEGAL_CLAIMS', 'OBJECTION')),
    restricted_by BLOB NOT NULL
        CONSTRAINT processing_restriction_restricted_by_uuid CHECK (length(restricted_by) = 16),
    restricted_at TEXT NOT NULL
        CONSTRAINT processing_restriction_restricted_at_time CHECK (restricted_at GLOB '????-??-??T??:??:??.??????Z'),
    allowed_ground TEXT
        CONSTRAINT processing_restriction_allowed_ground_code CHECK (allowed_ground IN ('CONSENT', 'LEGAL_CLAIMS', 'RIGHTS_OF_OTHERS', 'PUBLIC_INTEREST')),
    allowed_by BLOB
        CONSTRAINT processing_restriction_allowed_by_uuid CHECK (allowed_by IS NULL OR length(allowed_by) = 16),
    allowed_at TEXT
        CONSTRAINT processing_restriction_allowed_at_time CHECK (allowed_at IS NULL OR allowed_at GLOB '????-??-??T??:??:??.??????Z'),
    told_on TEXT
        CONSTRAINT processing_restriction_told_on_date CHECK (told_on IS NULL OR date(told_on) IS told_on),
    lifted_by BLOB
        CONSTRAINT processing_restriction_lifted_by_uuid CHECK (lifted_by IS NULL OR length(lifted_by) = 16),
    lifted_at TEXT
        CONSTRAINT processing_restriction_lifted_at_time CHECK (lifted_at IS NULL OR lifted_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT processing_restriction_allowed CHECK ((allowed_ground IS NULL) = (allowed_at IS NULL) AND (allowed_by IS NULL) = (allowed_at IS NULL)),
    CONSTRAINT processing_restriction_lifted CHECK ((lifted_by IS NULL) = (lifted_at IS NULL) AND (told_on IS NULL) = (lifted_at IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, restricted_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, allowed_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, lifted_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX processing_restriction_one ON processing_restriction (municipality_id, person_id) WHERE lifted_at IS NULL;
CREATE INDEX processing_restriction_by_person ON processing_restriction (municipality_id, person_id, id);

-- Whoever is restricted stands aside, so copies of the pool are read again.
CREATE TRIGGER processing_restriction_raise_pool_insert AFTER INSERT ON processing_restriction
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER processing_restriction_raise_pool_update AFTER UPDATE ON processing_restriction
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
