DROP TABLE processing_restriction;
DROP INDEX person_protected;
DROP TABLE impartiality_exception;
DROP TABLE emergency_access;
