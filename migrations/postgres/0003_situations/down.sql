DROP TABLE situation;
