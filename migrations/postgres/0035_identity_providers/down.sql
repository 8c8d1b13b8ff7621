DROP TABLE exchanged_token;
DROP TABLE federated_identity;
DROP TABLE issuer_audience;
DROP TABLE identity_provider;
