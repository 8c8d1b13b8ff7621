-- Tasks about a household outside of any case, for example whether its lease is renewed: seen by whoever may see the household.

ALTER TABLE task ADD COLUMN household_id BLOB
    CONSTRAINT task_household_id_uuid CHECK (household_id IS NULL OR length(household_id) = 16);
