-- Who stands aside on the waiting list, and who was given a higher place.

-- A household that stands aside for a while: no home is offered to it.
CREATE TABLE waiting_pause (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    application_id uuid NOT NULL,
    reason text NOT NULL
        CONSTRAINT waiting_pause_reason_code CHECK (reason IN ('OWN_WISH', 'TREATMENT', 'PRISON', 'AWAY', 'CANNOT_MOVE_YET')),
    paused_at timestamptz NOT NULL,
    review_on date,
    resumed_at timestamptz,
    paused_by uuid NOT NULL,
    CONSTRAINT waiting_pause_period CHECK (resumed_at IS NULL OR paused_at <= resumed_at),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, paused_by) REFERENCES user_account (municipality_id, id)
);
CREATE UNIQUE INDEX waiting_pause_one_open ON waiting_pause (municipality_id, application_id) WHERE resumed_at IS NULL;
CREATE INDEX waiting_pause_by_application ON waiting_pause (municipality_id, application_id);
SELECT rettbolig_isolate('waiting_pause');
GRANT SELECT, INSERT, UPDATE, DELETE ON waiting_pause TO rettbolig_app;

-- A priority group that a household was given by an outcome, whatever its facts say ("fortrinn").
CREATE TABLE precedence (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    group_code text NOT NULL,
    ground text NOT NULL
        CONSTRAINT precedence_ground_code CHECK (ground IN ('APPEAL')),
    source_id uuid NOT NULL,
    given_at timestamptz NOT NULL,
    given_by uuid NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, given_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX precedence_by_application ON precedence (municipality_id, application_id);
SELECT rettbolig_isolate('precedence');
GRANT SELECT, INSERT, UPDATE, DELETE ON precedence TO rettbolig_app;

-- Who stands aside and who was raised changes the pool from which homes are given: copies of it are read again.
CREATE TRIGGER waiting_pause_raise_pool AFTER INSERT OR UPDATE ON waiting_pause
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_all();
CREATE TRIGGER precedence_raise_pool AFTER INSERT OR UPDATE ON precedence
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_all();
