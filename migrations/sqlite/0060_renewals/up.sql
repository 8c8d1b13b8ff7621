-- Leases that run on: each time by a decision, from the day on which the lease would have ended.

CREATE TABLE lease_renewal (
    municipality_id BLOB NOT NULL
        CONSTRAINT lease_renewal_municipality_id_uuid CHECK (length(municipality_id) = 16),
    id BLOB NOT NULL
        CONSTRAINT lease_renewal_id_uuid CHECK (length(id) = 16),
    tenancy_id BLOB NOT NULL
        CONSTRAINT lease_renewal_tenancy_id_uuid CHECK (length(tenancy_id) = 16),
    application_id BLOB NOT NULL
        CONSTRAINT lease_renewal_application_id_uuid CHECK (length(application_id) = 16),
    decision_id BLOB NOT NULL
        CONSTRAINT lease_renewal_decision_id_uuid CHECK (length(decision_id) = 16),
    runs_from TEXT NOT NULL
        CONSTRAINT lease_renewal_runs_from_date CHECK (date(runs_from) IS runs_from),
    runs_until TEXT NOT NULL
        CONSTRAINT lease_renewal_runs_until_date CHECK (date(runs_until) IS runs_until),
    renewed_at TEXT NOT NULL
        CONSTRAINT lease_renewal_renewed_at_time CHECK (renewed_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT lease_renewal_period CHECK (runs_from < runs_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, tenancy_id) REFERENCES tenancy (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
) STRICT;
CREATE UNIQUE INDEX lease_renewal_once_a_decision ON lease_renewal (municipality_id, decision_id);
CREATE INDEX lease_renewal_by_tenancy ON lease_renewal (municipality_id, tenancy_id);
