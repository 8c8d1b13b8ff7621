ALTER TABLE user_account DROP COLUMN person_index;
