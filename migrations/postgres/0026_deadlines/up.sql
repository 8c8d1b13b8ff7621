-- What applicants are told while nothing is decided.

-- An interim reply or a notice of delay ("foreløpig svar", "forsinkelsesmelding").
CREATE TABLE interim_reply (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    kind text NOT NULL
        CONSTRAINT interim_reply_kind_code CHECK (kind IN ('INTERIM', 'DELAY')),
    reason text NOT NULL
        CONSTRAINT interim_reply_reason_code CHECK (reason IN ('DOCUMENTS_MISSING', 'OTHERS_MUST_BE_HEARD', 'LONGER_ASSESSMENT', 'CAPACITY')),
    expected_by date NOT NULL,
    due_on date NOT NULL,
    sent_by uuid NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, sent_by) REFERENCES user_account (municipality_id, id)
);
CREATE INDEX interim_reply_by_application ON interim_reply (municipality_id, application_id);
SELECT rettbolig_isolate('interim_reply');
GRANT SELECT, INSERT ON interim_reply TO rettbolig_app;
