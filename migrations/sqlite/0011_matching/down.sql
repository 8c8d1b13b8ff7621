DROP TABLE matching_run;
DROP TABLE matching_snapshot;
