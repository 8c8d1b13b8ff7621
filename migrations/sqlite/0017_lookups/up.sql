-- What belongs to one household, case or home is read in the order of its ids: an index that ends with the id gives it in that
-- order. Without, the planner may prefer the primary key for the order's sake, and then reads the whole table.
DROP INDEX situation_by_household;
CREATE INDEX situation_by_household ON situation (municipality_id, household_id, id);
DROP INDEX decision_by_application;
CREATE INDEX decision_by_application ON decision (municipality_id, application_id, id);
DROP INDEX offer_by_application;
CREATE INDEX offer_by_application ON offer (municipality_id, application_id, id);
DROP INDEX tenancy_by_household;
CREATE INDEX tenancy_by_household ON tenancy (municipality_id, household_id, id);
-- A household's cases and a home's tenancies, the ended ones too.
CREATE INDEX application_by_household ON application (municipality_id, household_id, id);
CREATE INDEX tenancy_by_dwelling ON tenancy (municipality_id, dwelling_id, id);
