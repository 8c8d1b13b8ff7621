DROP TABLE representation;
