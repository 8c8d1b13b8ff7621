DROP TABLE shelter_stay;
DROP TABLE shelter_decision;
DROP TABLE shelter_provider;
