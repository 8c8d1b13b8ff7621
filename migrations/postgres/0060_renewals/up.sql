-- Leases that run on: each time by a decision, from the day on which the lease would have ended.

CREATE TABLE lease_renewal (
    municipality_id uuid NOT NULL,
    id uuid NOT NULL,
    tenancy_id uuid NOT NULL,
    application_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    runs_from date NOT NULL,
    runs_until date NOT NULL,
    renewed_at timestamptz NOT NULL,
    CONSTRAINT lease_renewal_period CHECK (runs_from < runs_until),
    PRIMARY KEY (municipality_id, id),
    FOREIGN KEY (municipality_id, tenancy_id) REFERENCES tenancy (municipality_id, id),
    FOREIGN KEY (municipality_id, application_id) REFERENCES application (municipality_id, id),
    FOREIGN KEY (municipality_id, decision_id) REFERENCES decision (municipality_id, id)
);
CREATE UNIQUE INDEX lease_renewal_once_a_decision ON lease_renewal (municipality_id, decision_id);
CREATE INDEX lease_renewal_by_tenancy ON lease_renewal (municipality_id, tenancy_id);
SELECT rettbolig_isolate('lease_renewal');
GRANT SELECT, INSERT, UPDATE, DELETE ON lease_renewal TO rettbolig_app;
