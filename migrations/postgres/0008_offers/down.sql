DROP TABLE offer;
DROP TABLE allocation;
