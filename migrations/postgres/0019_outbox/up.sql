-- What must leave the house: written in the transaction of the change, delivered after its commit.

-- Ids and codes only, asked for all municipalities at once by whoever delivers, hence no row-level security.
CREATE TABLE outbox_message (
    municipality_id uuid NOT NULL,
    -- Rises from message to message: whoever puts two messages of one stream one after the other gets them delivered so.
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    topic text NOT NULL
        CONSTRAINT outbox_message_topic_code CHECK (topic IN ('LETTER', 'ARCHIVE', 'INCOMING', 'WEBHOOK')),
    lane_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    reference_id uuid NOT NULL,
    correlation_id text NOT NULL,
    state text NOT NULL
        CONSTRAINT outbox_message_state_code CHECK (state IN ('WAITING', 'DEAD')),
    attempts integer NOT NULL
        CONSTRAINT outbox_message_attempts_range CHECK (attempts >= 0),
    fault text,
    put_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX outbox_message_id ON outbox_message (municipality_id, id);
CREATE INDEX outbox_message_due ON outbox_message (municipality_id, topic, lane_id, due_at) WHERE state = 'WAITING';
CREATE INDEX outbox_message_order ON outbox_message (municipality_id, topic, lane_id, seq) WHERE state = 'WAITING';
CREATE INDEX outbox_message_stream ON outbox_message (municipality_id, topic, lane_id, stream_id, seq) WHERE state = 'WAITING';
CREATE INDEX outbox_message_dead ON outbox_message (municipality_id, id) WHERE state = 'DEAD';
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_message TO rettbolig_app;

-- The lanes in which messages go out, one for each receiver: who works on it now, and until when it is not to be bothered.
CREATE TABLE outbox_lane (
    municipality_id uuid NOT NULL,
    topic text NOT NULL
        CONSTRAINT outbox_lane_topic_code CHECK (topic IN ('LETTER', 'ARCHIVE', 'INCOMING', 'WEBHOOK')),
    lane_id uuid NOT NULL,
    held_by uuid,
    held_until timestamptz,
    quiet_until timestamptz,
    PRIMARY KEY (municipality_id, topic, lane_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_lane TO rettbolig_app;
