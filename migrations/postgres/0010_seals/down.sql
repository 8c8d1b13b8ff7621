DROP TABLE audit_checkpoint;
DROP TABLE audit_node;
DROP TABLE audit_leaf;
DROP TABLE audit_span;
DROP FUNCTION rettbolig_grow_span;
DROP TRIGGER audit_entry_await_seal ON audit_entry;
DROP FUNCTION rettbolig_await_seal;
DROP TABLE audit_unsealed;
