DROP TABLE eviction_notice;
DROP TABLE register_cursor;
