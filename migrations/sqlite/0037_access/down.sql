DROP INDEX user_account_by_person;
DROP TABLE case_unit;
DROP TABLE nav_client;
DROP TABLE declared_relation;
DROP TABLE employee;
DROP TABLE unit_member;
DROP TABLE unit;
