DROP TABLE eviction_notice;
DROP TABLE archive_filing;
DROP TABLE letter_shipment;
DROP TABLE protection_check;
DROP TABLE register_cursor;
