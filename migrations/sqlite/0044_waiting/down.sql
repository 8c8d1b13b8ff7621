DROP TABLE precedence;
DROP TABLE waiting_pause;
