ALTER TABLE task DROP COLUMN household_id;
