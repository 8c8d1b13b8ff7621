DROP TABLE lease_renewal;
