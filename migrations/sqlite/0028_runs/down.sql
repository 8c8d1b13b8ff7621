DROP TABLE matching_choice;
DROP TABLE matching_proposal;
