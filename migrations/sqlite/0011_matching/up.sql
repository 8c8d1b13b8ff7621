-- What matching was told and what it proposed, kept for ever: the basis of decisions, and of their replay.

-- A snapshot of the candidate pool and the vacant homes, in canonical JSON, addressed by its content and shared by all that saw the same.
CREATE TABLE matching_snapshot (
    municipality_id BLOB NOT NULL
        CONSTRAINT matching_snapshot_municipality_id_uuid CHECK (length(municipality_id) = 16),
    sha256 BLOB NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT matching_snapshot_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, sha256),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;

-- A plan over all vacant homes. It proposes; people decide.
CREATE TABLE matching_run (
    municipality_id BLOB NOT NULL
        CONSTRAINT matching_run_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT matching_run_id_uuid CHECK (length(id) = 16),
    objective TEXT NOT NULL
        CONSTRAINT matching_run_objective_code CHECK (objective IN ('SUITABILITY', 'OWN_WISHES')),
    snapshot_sha256 BLOB NOT NULL,
    rule_set_id BLOB NOT NULL
        CONSTRAINT matching_run_rule_set_id_uuid CHECK (length(rule_set_id) = 16),
    engine_version TEXT NOT NULL,
    plan TEXT NOT NULL
        CONSTRAINT matching_run_plan_json CHECK (json_valid(plan)),
    created_at TEXT NOT NULL
        CONSTRAINT matching_run_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, snapshot_sha256) REFERENCES matching_snapshot (municipality_id, sha256),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id)
) STRICT;
