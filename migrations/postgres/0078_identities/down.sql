DROP TABLE known_identity;
