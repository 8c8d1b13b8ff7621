-- What the world outside may know: events in the order of commits, and who is told of them.

-- Written with the entry of the change that it tells of, under the same id. It says that something happened, never to whom.
CREATE TABLE event (
    municipality_id BLOB NOT NULL
        CONSTRAINT event_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT event_id_uuid CHECK (length(id) = 16),
    type TEXT NOT NULL,
    subject_id BLOB NOT NULL
        CONSTRAINT event_subject_id_uuid CHECK (length(subject_id) = 16),
    stream_id BLOB NOT NULL
        CONSTRAINT event_stream_id_uuid CHECK (length(stream_id) = 16),
    occurred_at TEXT NOT NULL
        CONSTRAINT event_occurred_at_time CHECK (occurred_at GLOB '????-??-??T??:??:??.??????Z'),
    correlation_id TEXT NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, id) REFERENCES audit_entry (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'append_only:event'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'append_only:event'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE municipality_id = NEW.municipality_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'append_only:event'); END;

-- Events that have no place yet.
CREATE TABLE event_unplaced (
    municipality_id BLOB NOT NULL
        CONSTRAINT event_unplaced_municipality_id_uuid CHECK (length(municipality_id) = 16),
    seq INTEGER NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL
        CONSTRAINT event_unplaced_event_id_uuid CHECK (length(event_id) = 16)
) STRICT;
CREATE INDEX event_unplaced_order ON event_unplaced (municipality_id, seq);

-- The place of each event among those of the same audience. Given once, after the commit, without gaps.
CREATE TABLE event_place (
    municipality_id BLOB NOT NULL
        CONSTRAINT event_place_municipality_id_uuid CHECK (length(municipality_id) = 16),
    audience TEXT NOT NULL
        CONSTRAINT event_place_audience_code CHECK (audience IN ('NAV', 'FACILITIES')),
    position INTEGER NOT NULL
        CONSTRAINT event_place_position_range CHECK (position > 0),
    event_id BLOB NOT NULL
        CONSTRAINT event_place_event_id_uuid CHECK (length(event_id) = 16),
    PRIMARY KEY (municipality_id, audience, position),
    FOREIGN KEY (municipality_id, event_id) REFERENCES event (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX event_place_event ON event_place (municipality_id, event_id);
CREATE TRIGGER event_place_no_update BEFORE UPDATE ON event_place
BEGIN SELECT RAISE(ABORT, 'append_only:event_place'); END;
CREATE TRIGGER event_place_no_delete BEFORE DELETE ON event_place
BEGIN SELECT RAISE(ABORT, 'append_only:event_place'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER event_place_no_replace BEFORE INSERT ON event_place
WHEN EXISTS (SELECT 1 FROM event_place WHERE municipality_id = NEW.municipality_id AND audience = NEW.audience AND position = NEW.position)
    OR EXISTS (SELECT 1 FROM event_place WHERE municipality_id = NEW.municipality_id AND event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'append_only:event_place'); END;

-- Who is told (Standard Webhooks). The secrets are sealed; where something is told again, the id of the event is the same.
CREATE TABLE webhook (
    municipality_id BLOB NOT NULL
        CONSTRAINT webhook_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT webhook_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    audience TEXT NOT NULL
        CONSTRAINT webhook_audience_code CHECK (audience IN ('NAV', 'FACILITIES')),
    event_types TEXT NOT NULL
        CONSTRAINT webhook_event_types_json CHECK (json_valid(event_types)),
    state TEXT NOT NULL
        CONSTRAINT webhook_state_code CHECK (state IN ('ACTIVE', 'PAUSED', 'GONE', 'REMOVED')),
    secrets TEXT NOT NULL,
    previous_secrets TEXT,
    previous_until TEXT
        CONSTRAINT webhook_previous_until_time CHECK (previous_until GLOB '????-??-??T??:??:??.??????Z'),
    created_at TEXT NOT NULL
        CONSTRAINT webhook_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;

-- Every attempt to tell.
CREATE TABLE webhook_delivery (
    municipality_id BLOB NOT NULL
        CONSTRAINT webhook_delivery_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT webhook_delivery_id_uuid CHECK (length(id) = 16),
    webhook_id BLOB NOT NULL
        CONSTRAINT webhook_delivery_webhook_id_uuid CHECK (length(webhook_id) = 16),
    event_id BLOB NOT NULL
        CONSTRAINT webhook_delivery_event_id_uuid CHECK (length(event_id) = 16),
    attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    duration_ms INTEGER NOT NULL,
    attempted_at TEXT NOT NULL
        CONSTRAINT webhook_delivery_attempted_at_time CHECK (attempted_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, webhook_id) REFERENCES webhook (municipality_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_delivery_of ON webhook_delivery (municipality_id, webhook_id, id);
