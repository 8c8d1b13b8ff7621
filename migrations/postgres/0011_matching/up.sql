-- What matching was told and what it proposed, kept for ever: the basis of decisions, and of their replay.

-- A snapshot of the candidate pool and the vacant homes, in canonical JSON, addressed by its content and shared by all that saw the same.
CREATE TABLE matching_snapshot (
    municipality_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, sha256),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('matching_snapshot');
GRANT SELECT, INSERT ON matching_snapshot TO rettbolig_app;

-- A plan over all vacant homes. It proposes; people decide.
CREATE TABLE matching_run (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    objective text NOT NULL
        CONSTRAINT matching_run_objective_code CHECK (objective IN ('SUITABILITY', 'OWN_WISHES')),
    snapshot_sha256 bytea NOT NULL,
    rule_set_id uuid NOT NULL,
    engine_version text NOT NULL,
    plan jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, snapshot_sha256) REFERENCES matching_snapshot (municipality_id, sha256),
    FOREIGN KEY (municipality_id, rule_set_id) REFERENCES rule_set (municipality_id, id)
);
SELECT rettbolig_isolate('matching_run');
GRANT SELECT, INSERT ON matching_run TO rettbolig_app;
