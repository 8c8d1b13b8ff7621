-- What must leave the house: written in the transaction of the change, delivered after its commit.

CREATE TABLE outbox_message (
    municipality_id BLOB NOT NULL
        CONSTRAINT outbox_message_municipality_id_uuid CHECK (length(municipality_id) = 16),
    -- Rises from message to message: whoever puts two messages of one stream one after the other gets them delivered so.
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL
        CONSTRAINT outbox_message_id_uuid CHECK (length(id) = 16),
    topic TEXT NOT NULL
        CONSTRAINT outbox_message_topic_code CHECK (topic IN ('LETTER', 'ARCHIVE', 'INCOMING', 'WEBHOOK')),
    lane_id BLOB NOT NULL
        CONSTRAINT outbox_message_lane_id_uuid CHECK (length(lane_id) = 16),
    stream_id BLOB NOT NULL
        CONSTRAINT outbox_message_stream_id_uuid CHECK (length(stream_id) = 16),
    reference_id BLOB NOT NULL
        CONSTRAINT outbox_message_reference_id_uuid CHECK (length(reference_id) = 16),
    correlation_id TEXT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT outbox_message_state_code CHECK (state IN ('WAITING', 'DEAD')),
    attempts INTEGER NOT NULL
        CONSTRAINT outbox_message_attempts_range CHECK (attempts >= 0),
    fault TEXT,
    put_at TEXT NOT NULL
        CONSTRAINT outbox_message_put_at_time CHECK (put_at GLOB '????-??-??T??:??:??.??????Z'),
    due_at TEXT NOT NULL
        CONSTRAINT outbox_message_due_at_time CHECK (due_at GLOB '????-??-??T??:??:??.??????Z'),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;
CREATE UNIQUE INDEX outbox_message_id ON outbox_message (municipality_id, id);
CREATE INDEX outbox_message_due ON outbox_message (municipality_id, topic, lane_id, due_at) WHERE state = 'WAITING';
CREATE INDEX outbox_message_order ON outbox_message (municipality_id, topic, lane_id, seq) WHERE state = 'WAITING';
CREATE INDEX outbox_message_stream ON outbox_message (municipality_id, topic, lane_id, stream_id, seq) WHERE state = 'WAITING';
CREATE INDEX outbox_message_dead ON outbox_message (municipality_id, id) WHERE state = 'DEAD';

-- The lanes in which messages go out, one for each receiver: who works on it now, and until when it is not to be bothered.
CREATE TABLE outbox_lane (
    municipality_id BLOB NOT NULL
        CONSTRAINT outbox_lane_municipality_id_uuid CHECK (length(municipality_id) = 16),
    topic TEXT NOT NULL
        CONSTRAINT outbox_lane_topic_code CHECK (topic IN ('LETTER', 'ARCHIVE', 'INCOMING', 'WEBHOOK')),
    lane_id BLOB NOT NULL
        CONSTRAINT outbox_lane_lane_id_uuid CHECK (length(lane_id) = 16),
    held_by BLOB
        CONSTRAINT outbox_lane_held_by_uuid CHECK (length(held_by) = 16),
    held_until TEXT
        CONSTRAINT outbox_lane_held_until_time CHECK (held_until GLOB '????-??-??T??:??:??.??????Z'),
    quiet_until TEXT
        CONSTRAINT outbox_lane_quiet_until_time CHECK (quiet_until GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, topic, lane_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
