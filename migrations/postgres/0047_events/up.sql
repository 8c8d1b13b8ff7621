-- What the world outside may know: events in the order of commits, and who is told of them.

-- Written with the entry of the change that it tells of, under the same id. It says that something happened, never to whom.
CREATE TABLE event (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    subject_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    correlation_id text NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, id) REFERENCES audit_entry (municipality_id, id)
);
SELECT rettbolig_isolate('event');
GRANT SELECT, INSERT ON event TO rettbolig_app;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- Events that have no place yet. It names ids only and is asked for all municipalities at once, hence no row-level security.
CREATE TABLE event_unplaced (
    municipality_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL
);
CREATE INDEX event_unplaced_order ON event_unplaced (municipality_id, seq);
GRANT SELECT, INSERT, DELETE ON event_unplaced TO rettbolig_app;

-- The place of each event among those of the same audience. Given once, after the commit, without gaps.
CREATE TABLE event_place (
    municipality_id uuid NOT NULL,
    audience text NOT NULL
        CONSTRAINT event_place_audience_code CHECK (audience IN ('NAV', 'FACILITIES')),
    position bigint NOT NULL
        CONSTRAINT event_place_position_range CHECK (position > 0),
    event_id uuid NOT NULL,
    PRIMARY KEY (municipality_id, audience, position),
    FOREIGN KEY (municipality_id, event_id) REFERENCES event (municipality_id, id)
);
CREATE UNIQUE INDEX event_place_event ON event_place (municipality_id, event_id);
SELECT rettbolig_isolate('event_place');
GRANT SELECT, INSERT ON event_place TO rettbolig_app;
CREATE TRIGGER event_place_append_only BEFORE UPDATE OR DELETE ON event_place
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER event_place_no_truncate BEFORE TRUNCATE ON event_place
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();

-- Who is told (Standard Webhooks). The secrets are sealed; where something is told again, the id of the event is the same.
CREATE TABLE webhook (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    audience text NOT NULL
        CONSTRAINT webhook_audience_code CHECK (audience IN ('NAV', 'FACILITIES')),
    event_types jsonb NOT NULL,
    state text NOT NULL
        CONSTRAINT webhook_state_code CHECK (state IN ('ACTIVE', 'PAUSED', 'GONE', 'REMOVED')),
    secrets text NOT NULL,
    previous_secrets text,
    previous_until timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('webhook');
GRANT SELECT, INSERT, UPDATE ON webhook TO rettbolig_app;

-- Every attempt to tell.
CREATE TABLE webhook_delivery (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    event_id uuid NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    status integer,
    duration_ms integer NOT NULL,
    attempted_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, webhook_id) REFERENCES webhook (municipality_id, id)
);
CREATE INDEX webhook_delivery_of ON webhook_delivery (municipality_id, webhook_id, id);
SELECT rettbolig_isolate('webhook_delivery');
GRANT SELECT, INSERT, DELETE ON webhook_delivery TO rettbolig_app;
