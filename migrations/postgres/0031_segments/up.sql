-- What an entry of the log says of a person: the entry holds a salted commitment, this table the text, sealed under the person's own key.

CREATE TABLE audit_segment (
    municipality_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    -- The place among the entry's segments, from 0.
    place smallint NOT NULL
        CONSTRAINT audit_segment_place_range CHECK (place >= 0),
    person_id uuid NOT NULL,
    sealed text NOT NULL,
    PRIMARY KEY (municipality_id, entry_id, place)
);
CREATE INDEX audit_segment_by_person ON audit_segment (municipality_id, person_id);
SELECT rettbolig_isolate('audit_segment');
GRANT SELECT, INSERT ON audit_segment TO rettbolig_app;
CREATE TRIGGER audit_segment_append_only BEFORE UPDATE OR DELETE ON audit_segment
    FOR EACH ROW EXECUTE FUNCTION rettbolig_append_only();
CREATE TRIGGER audit_segment_no_truncate BEFORE TRUNCATE ON audit_segment
    FOR EACH STATEMENT EXECUTE FUNCTION rettbolig_append_only();
