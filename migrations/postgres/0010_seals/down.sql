DROP TABLE audit_checkpoint;
DROP TABLE audit_tile;
DROP FUNCTION rettbolig_grow_tile;
DROP TABLE audit_span;
DROP FUNCTION rettbolig_grow_span;
DROP TRIGGER audit_entry_await_seal ON audit_entry;
DROP FUNCTION rettbolig_await_seal;
DROP TABLE audit_unsealed;
