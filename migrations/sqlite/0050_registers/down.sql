DROP TABLE eviction_notice;
DROP TABLE letter_filing;
DROP TABLE letter_shipment;
DROP TABLE protection_check;
DROP TABLE register_cursor;
