DROP TABLE interim_reply;
