-- Who the employee is as a person: the blind index of the national id, equal in two accounts of the same person.
ALTER TABLE user_account ADD COLUMN person_index BLOB
    CONSTRAINT user_account_person_index_size CHECK (person_index IS NULL OR length(person_index) = 32);
