DROP TABLE offer;
