DROP TABLE appeal_package;
DROP TABLE appeal;
