DROP TABLE tenancy;
DROP TABLE allocation;
