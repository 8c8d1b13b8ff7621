DROP TABLE household_member;
DROP TABLE household;
DROP TABLE person_name;
DROP TABLE person;
