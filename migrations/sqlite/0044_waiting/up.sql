-- Who stands aside on the waiting list, and who was given a higher place.

-- A household that stands aside for a while: no home is offered to it.
CREATE TABLE waiting_pause (
    municipality_id BLOB NOT NULL
        CONSTRAINT waiting_pause_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT waiting_pause_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL,
    application_id BLOB NOT NULL
        CONSTRAINT waiting_pause_application_id_uuid CHECK (length(application_id) = 16),
    reason TEXT NOT NULL
        CONSTRAINT waiting_pause_reason_code CHECK (reason IN ('OWN_WISH', 'TREATMENT', 'PRISON', 'AWAY', 'CANNOT_MOVE_YET')),
    paused_at TEXT NOT NULL
        CONSTRAINT waiting_pause_paused_at_time CHECK (paused_at GLOB '????-??-??T??:??:??.??????Z'),
    review_on TEXT
        CONSTRAINT waiting_pause_review_on_date CHECK (review_on IS NULL OR date(review_on) IS review_on),
    resumed_at TEXT
        CONSTRAINT waiting_pause_resumed_at_time CHECK (resumed_at IS NULL OR resumed_at GLOB '????-??-??T??:??:??.??????Z'),
    paused_by BLOB NOT NULL
        CONSTRAINT waiting_pause_paused_by_uuid CHECK (length(paused_by) = 16),
    CONSTRAINT waiting_pause_period CHECK (resumed_at IS NULL OR paused_at <= resumed_at),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, paused_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX waiting_pause_one_open ON waiting_pause (municipality_id, application_id) WHERE resumed_at IS NULL;
CREATE INDEX waiting_pause_by_application ON waiting_pause (municipality_id, application_id);

-- A priority group that a household was given by an outcome, whatever its facts say ("fortrinn").
CREATE TABLE precedence (
    municipality_id BLOB NOT NULL
        CONSTRAINT precedence_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT precedence_id_uuid CHECK (length(id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT precedence_application_id_uuid CHECK (length(application_id) = 16),
    group_code TEXT NOT NULL,
    ground TEXT NOT NULL
        CONSTRAINT precedence_ground_code CHECK (ground IN ('APPEAL')),
    source_id BLOB NOT NULL
        CONSTRAINT precedence_source_id_uuid CHECK (length(source_id) = 16),
    given_at TEXT NOT NULL
        CONSTRAINT precedence_given_at_time CHECK (given_at GLOB '????-??-??T??:??:??.??????Z'),
    given_by BLOB NOT NULL
        CONSTRAINT precedence_given_by_uuid CHECK (length(given_by) = 16),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, given_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE INDEX precedence_by_application ON precedence (municipality_id, application_id);

-- Who stands aside and who was raised changes the pool from which homes are given: copies of it are read again.
CREATE TRIGGER waiting_pause_raise_pool_insert AFTER INSERT ON waiting_pause
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER waiting_pause_raise_pool_update AFTER UPDATE ON waiting_pause
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER precedence_raise_pool_insert AFTER INSERT ON precedence
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER precedence_raise_pool_update AFTER UPDATE ON precedence
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
