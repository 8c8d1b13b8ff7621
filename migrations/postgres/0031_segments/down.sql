DROP TABLE audit_segment;
