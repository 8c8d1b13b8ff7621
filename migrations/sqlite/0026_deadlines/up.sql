-- What applicants are told while nothing is decided.

-- An interim reply or a notice of delay ("foreløpig svar", "forsinkelsesmelding").
CREATE TABLE interim_reply (
    municipality_id BLOB NOT NULL
        CONSTRAINT interim_reply_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT interim_reply_id_uuid CHECK (length(id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT interim_reply_application_id_uuid CHECK (length(application_id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT interim_reply_kind_code CHECK (kind IN ('INTERIM', 'DELAY')),
    reason TEXT NOT NULL
        CONSTRAINT interim_reply_reason_code CHECK (reason IN ('DOCUMENTS_MISSING', 'OTHERS_MUST_BE_HEARD', 'LONGER_ASSESSMENT', 'CAPACITY')),
    expected_by TEXT NOT NULL
        CONSTRAINT interim_reply_expected_by_date CHECK (date(expected_by) IS expected_by),
    due_on TEXT NOT NULL
        CONSTRAINT interim_reply_due_on_date CHECK (date(due_on) IS due_on),
    sent_by BLOB NOT NULL
        CONSTRAINT interim_reply_sent_by_uuid CHECK (length(sent_by) = 16),
    sent_at TEXT NOT NULL
        CONSTRAINT interim_reply_sent_at_time CHECK (sent_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, sent_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE INDEX interim_reply_by_application ON interim_reply (municipality_id, application_id);
