DROP TABLE audit_chain;
DROP TABLE audit_entry;
DROP TABLE idempotency_record;
DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE user_role;
DROP TABLE sign_in_name;
DROP TABLE user_account;
DROP TABLE municipality;
DROP FUNCTION rettbolig_append_only();
DROP FUNCTION rettbolig_isolate(text);
-- The role stays: it belongs to the server, and other databases may use it.
REVOKE USAGE ON SCHEMA public FROM rettbolig_app;
