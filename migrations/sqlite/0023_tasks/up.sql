-- What is due: tasks of people, and duties of the service.

-- Something that somebody has to do by a day ("oppgave").
CREATE TABLE task (
    municipality_id BLOB NOT NULL
        CONSTRAINT task_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT task_id_uuid CHECK (length(id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL
        CONSTRAINT task_subject_id_uuid CHECK (length(subject_id) = 16),
    case_id BLOB
        CONSTRAINT task_case_id_uuid CHECK (case_id IS NULL OR length(case_id) = 16),
    due_on TEXT NOT NULL
        CONSTRAINT task_due_on_date CHECK (date(due_on) IS due_on),
    team TEXT NOT NULL,
    assigned_to BLOB
        CONSTRAINT task_assigned_to_uuid CHECK (assigned_to IS NULL OR length(assigned_to) = 16),
    state TEXT NOT NULL
        CONSTRAINT task_state_code CHECK (state IN ('OPEN', 'DONE', 'DROPPED')),
    opened_at TEXT NOT NULL
        CONSTRAINT task_opened_at_time CHECK (opened_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_at TEXT
        CONSTRAINT task_ended_at_time CHECK (ended_at IS NULL OR ended_at GLOB '????-??-??T??:??:??.??????Z'),
    ended_by BLOB
        CONSTRAINT task_ended_by_uuid CHECK (ended_by IS NULL OR length(ended_by) = 16),
    CONSTRAINT task_ended CHECK ((state = 'OPEN') = (ended_at IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, assigned_to) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, ended_by) REFERENCES user_account (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX task_one_open ON task (municipality_id, kind, subject_id)
    WHERE state = 'OPEN';
CREATE INDEX task_by_person ON task (municipality_id, assigned_to, due_on, id)
    WHERE state = 'OPEN';
CREATE INDEX task_by_team ON task (municipality_id, team, due_on, id)
    WHERE state = 'OPEN';
CREATE INDEX task_by_case ON task (municipality_id, case_id)
    WHERE state = 'OPEN';
CREATE INDEX task_done ON task (municipality_id, kind, due_on)
    WHERE state = 'DONE';

-- A duty of the service: when it is due next, and which instance is about it. Whoever takes it raises the fence.
CREATE TABLE duty (
    municipality_id BLOB NOT NULL
        CONSTRAINT duty_municipality_id_uuid CHECK (length(municipality_id) = 16),
    name TEXT NOT NULL,
    fence INTEGER NOT NULL,
    holder BLOB
        CONSTRAINT duty_holder_uuid CHECK (holder IS NULL OR length(holder) = 16),
    leased_until TEXT
        CONSTRAINT duty_leased_until_time CHECK (leased_until IS NULL OR leased_until GLOB '????-??-??T??:??:??.??????Z'),
    next_at TEXT NOT NULL
        CONSTRAINT duty_next_at_time CHECK (next_at GLOB '????-??-??T??:??:??.??????Z'),
    ran_at TEXT
        CONSTRAINT duty_ran_at_time CHECK (ran_at IS NULL OR ran_at GLOB '????-??-??T??:??:??.??????Z'),
    PRIMARY KEY (municipality_id, name),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
) STRICT, WITHOUT ROWID;
