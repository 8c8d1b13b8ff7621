DROP TABLE case_forwarding;
DROP TABLE receiving_body;
