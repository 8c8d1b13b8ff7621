-- What is due: tasks of people, and duties of the service.

-- Something that somebody has to do by a day ("oppgave").
CREATE TABLE task (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    kind text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    case_id uuid,
    due_on date NOT NULL,
    team text NOT NULL,
    assigned_to uuid,
    state text NOT NULL
        CONSTRAINT task_state_code CHECK (state IN ('OPEN', 'DONE', 'DROPPED')),
    opened_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    CONSTRAINT task_ended CHECK ((state = 'OPEN') = (ended_at IS NULL)),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, assigned_to) REFERENCES user_account (municipality_id, id),
    FOREIGN KEY (municipality_id, ended_by) REFERENCES user_account (municipality_id, id)
);
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
SELECT rettbolig_isolate('task');
GRANT SELECT, INSERT, UPDATE, DELETE ON task TO rettbolig_app;

-- A duty of the service: when it is due next, and which instance is about it. Whoever takes it raises the fence.
CREATE TABLE duty (
    municipality_id uuid NOT NULL,
    name text NOT NULL,
    fence bigint NOT NULL,
    holder uuid,
    leased_until timestamptz,
    next_at timestamptz NOT NULL,
    ran_at timestamptz,
    PRIMARY KEY (municipality_id, name),
    FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
SELECT rettbolig_isolate('duty');
GRANT SELECT, INSERT, UPDATE, DELETE ON duty TO rettbolig_app;
