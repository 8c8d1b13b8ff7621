-- The version of each municipality's pool: everything that a match depends on. The database raises it with every change, so that no
-- change can forget it, and whoever keeps a copy of the pool in memory sees at once that it is stale.

-- The clock has several hands, and each transaction moves one that nobody else holds: the version is their sum. Here there is
-- one writer, and one hand.
CREATE TABLE pool_clock (
    municipality_id BLOB NOT NULL
        CONSTRAINT pool_clock_municipality_id_uuid CHECK (length(municipality_id) = 16),
    hand INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    PRIMARY KEY (municipality_id, hand),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;

-- When each household last changed, by hand and ticks: what a stale copy must read again. The household of zeros stands for all.
CREATE TABLE pool_change (
    municipality_id BLOB NOT NULL
        CONSTRAINT pool_change_municipality_id_uuid CHECK (length(municipality_id) = 16),
    household_id BLOB NOT NULL
        CONSTRAINT pool_change_household_id_uuid CHECK (length(household_id) = 16),
    hand INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    PRIMARY KEY (municipality_id, household_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pool_change_by_time ON pool_change (municipality_id, hand, ticks);

-- Cases count while a home can be given to them.
CREATE TRIGGER application_raise_pool_insert AFTER INSERT ON application
WHEN NEW.state IN ('TEAM_REVIEW', 'WAITING')
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER application_raise_pool_update AFTER UPDATE ON application
WHEN OLD.state IN ('TEAM_REVIEW', 'WAITING') OR NEW.state IN ('TEAM_REVIEW', 'WAITING')
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER application_raise_pool_delete AFTER DELETE ON application
WHEN OLD.state IN ('TEAM_REVIEW', 'WAITING')
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (OLD.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, OLD.household_id, hand, ticks FROM pool_clock WHERE municipality_id = OLD.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER household_member_raise_pool_insert AFTER INSERT ON household_member
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER household_member_raise_pool_update AFTER UPDATE ON household_member
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER household_member_raise_pool_delete AFTER DELETE ON household_member
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (OLD.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, OLD.household_id, hand, ticks FROM pool_clock WHERE municipality_id = OLD.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER situation_raise_pool_insert AFTER INSERT ON situation
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER situation_raise_pool_update AFTER UPDATE ON situation
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER situation_raise_pool_delete AFTER DELETE ON situation
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (OLD.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, OLD.household_id, hand, ticks FROM pool_clock WHERE municipality_id = OLD.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER tenancy_raise_pool_insert AFTER INSERT ON tenancy
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER tenancy_raise_pool_update AFTER UPDATE ON tenancy
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, NEW.household_id, hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER tenancy_raise_pool_delete AFTER DELETE ON tenancy
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (OLD.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, OLD.household_id, hand, ticks FROM pool_clock WHERE municipality_id = OLD.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
-- A person may belong to a household that joins the pool at this moment, hence all are read again; so with the kind of a home.
CREATE TRIGGER person_raise_pool_update AFTER UPDATE OF born_on, protection, death_known_at ON person
WHEN OLD.born_on IS NOT NEW.born_on OR OLD.protection IS NOT NEW.protection OR OLD.death_known_at IS NOT NEW.death_known_at
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER dwelling_raise_pool_insert AFTER INSERT ON dwelling
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
END;
CREATE TRIGGER dwelling_raise_pool_update AFTER UPDATE ON dwelling
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
END;
CREATE TRIGGER dwelling_raise_pool_delete AFTER DELETE ON dwelling
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (OLD.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
END;
CREATE TRIGGER dwelling_raise_pool_category AFTER UPDATE OF category ON dwelling
WHEN OLD.category IS NOT NEW.category
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
    INSERT INTO pool_change (municipality_id, household_id, hand, ticks)
        SELECT municipality_id, zeroblob(16), hand, ticks FROM pool_clock WHERE municipality_id = NEW.municipality_id AND hand = 0
        ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
END;
CREATE TRIGGER rule_set_raise_pool_insert AFTER INSERT ON rule_set
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
END;
CREATE TRIGGER rule_set_raise_pool_update AFTER UPDATE ON rule_set
BEGIN
    INSERT INTO pool_clock (municipality_id, hand, ticks) VALUES (NEW.municipality_id, 0, 1)
        ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = ticks + 1;
END;

-- A part of a snapshot: some of its households or homes, in canonical JSON, addressed by its SHA-256 and kept compressed (zlib).
-- A snapshot names its parts, so what one decision changes is all that is kept anew for the next.
CREATE TABLE matching_part (
    municipality_id BLOB NOT NULL
        CONSTRAINT matching_part_municipality_id_uuid CHECK (length(municipality_id) = 16),
    sha256 BLOB NOT NULL,
    body BLOB NOT NULL,
    created_at TEXT NOT NULL
        CONSTRAINT matching_part_created_at_time CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, sha256),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT;

-- The version of the pool that a plan saw.
ALTER TABLE matching_run ADD COLUMN pool_version INTEGER NOT NULL DEFAULT 0;
