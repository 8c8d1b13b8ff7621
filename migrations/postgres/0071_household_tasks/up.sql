-- Tasks about a household outside of any case, for example whether its lease is renewed: seen by whoever may see the household.

ALTER TABLE task ADD COLUMN household_id uuid;
