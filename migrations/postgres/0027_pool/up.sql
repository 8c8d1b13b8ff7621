-- The version of each municipality's pool: everything that a match depends on. The database raises it with every change, so that no
-- change can forget it, and whoever keeps a copy of the pool in memory sees at once that it is stale.

-- The clock has several hands, and each transaction moves one that nobody else holds, so that no two writers wait for each other.
-- The version is the sum of the hands: whoever sees the same sum sees the same changes.
CREATE TABLE pool_clock (
    municipality_id uuid NOT NULL,
    hand smallint NOT NULL,
    ticks bigint NOT NULL,
    PRIMARY KEY (municipality_id, hand),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('pool_clock');
GRANT SELECT, INSERT, UPDATE ON pool_clock TO rettbolig_app;

-- When each household last changed, by hand and ticks: what a stale copy must read again. The household of zeros stands for all.
CREATE TABLE pool_change (
    municipality_id uuid NOT NULL,
    household_id uuid NOT NULL,
    hand smallint NOT NULL,
    ticks bigint NOT NULL,
    PRIMARY KEY (municipality_id, household_id),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX pool_change_by_time ON pool_change (municipality_id, hand, ticks);
SELECT rettbolig_isolate('pool_change');
GRANT SELECT, INSERT, UPDATE ON pool_change TO rettbolig_app;

-- Raises the version once in a transaction, and notes the household if there is one.
CREATE FUNCTION rettbolig_raise_pool(tenant uuid, household uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- What this transaction holds already, for as long as it lasts; a rolled back savepoint takes it back too.
    held text := nullif(current_setting('app.pool_hand', true), '');
    own smallint := split_part(held, ':', 1)::smallint;
    reached bigint := split_part(held, ':', 2)::bigint;
BEGIN
    IF own IS NULL THEN
        SELECT hand INTO own FROM pool_clock WHERE municipality_id = tenant
            ORDER BY hand LIMIT 1 FOR UPDATE SKIP LOCKED;
        own := coalesce(own, pg_backend_pid() % 64);
        INSERT INTO pool_clock AS clock VALUES (tenant, own, 1)
            ON CONFLICT (municipality_id, hand) DO UPDATE SET ticks = clock.ticks + 1
            RETURNING ticks INTO reached;
        PERFORM set_config('app.pool_hand', own || ':' || reached, true);
    END IF;
    IF household IS NOT NULL THEN
        INSERT INTO pool_change VALUES (tenant, household, own, reached)
            ON CONFLICT (municipality_id, household_id) DO UPDATE SET hand = excluded.hand, ticks = excluded.ticks;
    END IF;
END $$;

-- For rows of a household.
CREATE FUNCTION rettbolig_raise_pool_household() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM rettbolig_raise_pool(OLD.municipality_id, OLD.household_id);
    ELSE
        PERFORM rettbolig_raise_pool(NEW.municipality_id, NEW.household_id);
    END IF;
    RETURN NULL;
END $$;

-- For rows that change nothing that a copy keeps of households.
CREATE FUNCTION rettbolig_raise_pool_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rettbolig_raise_pool(coalesce(NEW.municipality_id, OLD.municipality_id), NULL);
    RETURN NULL;
END $$;

-- For rows that may change any household.
CREATE FUNCTION rettbolig_raise_pool_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rettbolig_raise_pool(NEW.municipality_id, '00000000-0000-0000-0000-000000000000');
    RETURN NULL;
END $$;

-- Cases count while a home can be given to them.
CREATE TRIGGER application_raise_pool_insert AFTER INSERT ON application
    FOR EACH ROW WHEN (NEW.state IN ('TEAM_REVIEW', 'WAITING'))
    EXECUTE FUNCTION rettbolig_raise_pool_household();
CREATE TRIGGER application_raise_pool_update AFTER UPDATE ON application
    FOR EACH ROW WHEN (OLD.state IN ('TEAM_REVIEW', 'WAITING') OR NEW.state IN ('TEAM_REVIEW', 'WAITING'))
    EXECUTE FUNCTION rettbolig_raise_pool_household();
CREATE TRIGGER application_raise_pool_delete AFTER DELETE ON application
    FOR EACH ROW WHEN (OLD.state IN ('TEAM_REVIEW', 'WAITING'))
    EXECUTE FUNCTION rettbolig_raise_pool_household();
CREATE TRIGGER household_member_raise_pool AFTER INSERT OR UPDATE OR DELETE ON household_member
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_household();
CREATE TRIGGER situation_raise_pool AFTER INSERT OR UPDATE OR DELETE ON situation
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_household();
CREATE TRIGGER tenancy_raise_pool AFTER INSERT OR UPDATE OR DELETE ON tenancy
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_household();
-- A person may belong to a household that joins the pool at this moment, hence all are read again; so with the kind of a home.
CREATE TRIGGER person_raise_pool AFTER UPDATE OF born_on, protection, death_known_at ON person
    FOR EACH ROW WHEN (OLD.born_on IS DISTINCT FROM NEW.born_on OR OLD.protection IS DISTINCT FROM NEW.protection OR OLD.death_known_at IS DISTINCT FROM NEW.death_known_at)
    EXECUTE FUNCTION rettbolig_raise_pool_all();
CREATE TRIGGER dwelling_raise_pool AFTER INSERT OR UPDATE OR DELETE ON dwelling
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_alone();
CREATE TRIGGER dwelling_raise_pool_category AFTER UPDATE OF category ON dwelling
    FOR EACH ROW WHEN (OLD.category IS DISTINCT FROM NEW.category)
    EXECUTE FUNCTION rettbolig_raise_pool_all();
CREATE TRIGGER rule_set_raise_pool AFTER INSERT OR UPDATE ON rule_set
    FOR EACH ROW EXECUTE FUNCTION rettbolig_raise_pool_alone();

-- A part of a snapshot: some of its households or homes, in canonical JSON, addressed by its SHA-256 and kept compressed (zlib).
-- A snapshot names its parts, so what one decision changes is all that is kept anew for the next.
CREATE TABLE matching_part (
    municipality_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, sha256),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('matching_part');
GRANT SELECT, INSERT ON matching_part TO rettbolig_app;

-- The version of the pool that a plan saw.
ALTER TABLE matching_run ADD COLUMN pool_version bigint NOT NULL DEFAULT 0;
ALTER TABLE matching_run ALTER COLUMN pool_version DROP DEFAULT;
