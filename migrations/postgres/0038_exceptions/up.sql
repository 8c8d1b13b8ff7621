-- Exceptions from need to know and from impartiality.

-- A case that somebody opened in an emergency ("nødtilgang"): for an hour, told to the leader, reviewed by somebody else.
CREATE TABLE emergency_access (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    user_id uuid NOT NULL,
    application_id uuid NOT NULL,
    ground text NOT NULL
        CONSTRAINT emergency_access_ground_code CHECK (ground IN ('LIFE_OR_HEALTH', 'NO_SHELTER_TONIGHT', 'CHILD_AT_RISK', 'DEADLINE_IN_ABSENCE')),
    sealed_reason text NOT NULL,
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leader_id uuid,
    review_due_on date NOT NULL,
    reviewed_by uuid,
    reviewed_at timestamptz,
    finding text
        CONSTRAINT emergency_access_finding_code CHECK (finding IN ('JUSTIFIED', 'NOT_JUSTIFIED')),
    CONSTRAINT emergency_access_reviewed_whole CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (finding IS NULL)),
    CONSTRAINT emergency_access_not_own_review CHECK (reviewed_by IS NULL OR reviewed_by <> user_id),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, leader_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, reviewed_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX emergency_access_by_user ON emergency_access (municipality_id, user_id, expires_at);
CREATE INDEX emergency_access_by_leader ON emergency_access (municipality_id, leader_id, id);
CREATE INDEX emergency_access_by_case ON emergency_access (municipality_id, application_id);
SELECT rettbolig_isolate('emergency_access');
GRANT SELECT, INSERT, UPDATE, DELETE ON emergency_access TO rettbolig_app;

-- A leader's written word that an employee handles a case in spite of being partial (forvaltningsloven § 6).
CREATE TABLE impartiality_exception (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    user_id uuid NOT NULL,
    application_id uuid NOT NULL,
    sealed_reason text NOT NULL,
    granted_by uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT impartiality_exception_by_another CHECK (granted_by <> user_id),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, user_id) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, granted_by) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX impartiality_exception_one ON impartiality_exception (municipality_id, user_id, application_id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX impartiality_exception_by_case ON impartiality_exception (municipality_id, application_id);
SELECT rettbolig_isolate('impartiality_exception');
GRANT SELECT, INSERT, UPDATE, DELETE ON impartiality_exception TO rettbolig_app;

-- The few people whom hardly anybody may locate: their homes are looked for with every list of homes.
CREATE INDEX person_protected ON person (municipality_id, protection) WHERE protection <> 'UNGRADED';

-- Of whom data may be stored and read, but not decided on (GDPR art. 18).
CREATE TABLE processing_restriction (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    person_id uuid NOT NULL,
    ground text NOT NULL
        CONSTRAINT processing_restriction_ground_code CHECK (ground IN ('ACCURACY_CONTESTED', 'UNLAWFUL', 'LEGAL_CLAIMS', 'OBJECTION')),
    restricted_by uuid NOT NULL,
    restricted_at timestamptz NOT NULL,
    allowed_ground text
        CONSTRAINT processing_restriction_allowed_ground_code CHECK (allowed_ground IN ('CONSENT', 'LEGAL_CLAIMS', 'RIGHTS_OF_OTHERS', 'PUBLIC_INTEREST')),
    allowed_by uuid,
    allowed_at timestamptz,
    told_on date,
    lifted_by uuid,
    lifted_at timestamptz,
    CONSTRAINT processing_restriction_allowed CHECK ((allowed_ground IS NULL) = (allowed_at IS NULL) AND (allowed_by IS NULL) = (allowed_at IS NULL)),
    CONSTRAINT processing_restriction_lifted CHECK ((lifted_by IS NULL) = (lifted_at IS NULL) AND (told_on IS NULL) = (lifted_at IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, person_id) REFERENCES person (municipality_id, id),
    FOREIGN KEY (municipality_id, restricted_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, allowed_by) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, lifted_by) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX processing_restriction_one ON processing_restriction (municipality_id, person_id) WHERE lifted_at IS NULL;
CREATE INDEX processing_restriction_by_person ON processing_restriction (municipality_id, person_id, id);
SELECT rettbolig_isolate('processing_restriction');
GRANT SELECT, INSERT, UPDATE ON processing_restriction TO rettbolig_app;

-- Whoever is restricted stands aside, so copies of the pool are read again.
CREATE TRIGGER processing_restriction_raise_pool AFTER INSERT OR UPDATE ON processing_restriction
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_all();
