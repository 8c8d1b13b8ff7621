-- What an entry of the log says of a person: the entry holds a salted commitment, this table the text, sealed under the person's own key.

CREATE TABLE audit_segment (
    municipality_id BLOB NOT NULL
        CONSTRAINT audit_segment_municipality_id_uuid CHECK (length(municipality_id) = 16),
    entry_id BLOB NOT NULL
        CONSTRAINT audit_segment_entry_id_uuid CHECK (length(entry_id) = 16),
    -- The place among the entry's segments, from 0.
    place INTEGER NOT NULL
        CONSTRAINT audit_segment_place_range CHECK (place >= 0),
    person_id BLOB NOT NULL
        CONSTRAINT audit_segment_person_id_uuid CHECK (length(person_id) = 16),
    sealed TEXT NOT NULL,
    PRIMARY KEY (municipality_id, entry_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_segment_by_person ON audit_segment (municipality_id, person_id);
CREATE TRIGGER audit_segment_no_update BEFORE UPDATE ON audit_segment
BEGIN SELECT RAISE(ABORT, 'append_only:audit_segment'); END;
CREATE TRIGGER audit_segment_no_delete BEFORE DELETE ON audit_segment
BEGIN SELECT RAISE(ABORT, 'append_only:audit_segment'); END;
-- INSERT OR REPLACE would slip past the trigger above.
CREATE TRIGGER audit_segment_no_replace BEFORE INSERT ON audit_segment
WHEN EXISTS (SELECT 1 FROM audit_segment WHERE municipality_id = NEW.municipality_id AND entry_id = NEW.entry_id AND place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'append_only:audit_segment'); END;
