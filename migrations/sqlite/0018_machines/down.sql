DROP TABLE data_agreement;
DROP TABLE machine_client;
