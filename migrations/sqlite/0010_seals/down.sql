DROP TABLE audit_checkpoint;
DROP TABLE audit_tile;
DROP TABLE audit_span;
DROP TRIGGER audit_entry_await_seal;
DROP TABLE audit_unsealed;
