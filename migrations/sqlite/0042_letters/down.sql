DROP TABLE letter_content;
DROP TABLE letter;
