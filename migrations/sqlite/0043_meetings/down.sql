DROP TABLE agenda_vote;
DROP TABLE impartiality_answer;
DROP TABLE conflict_of_interest;
DROP TABLE agenda_item;
DROP TABLE meeting_member;
DROP TABLE meeting;
