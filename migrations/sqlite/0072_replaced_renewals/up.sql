-- A renewal that another decision has taken the place of; without a lease of its own, where the renewal was refused after all.

ALTER TABLE lease_renewal ADD COLUMN replaced_by BLOB
    CONSTRAINT lease_renewal_replaced_by_uuid CHECK (replaced_by IS NULL OR length(replaced_by) = 16);
ALTER TABLE lease_renewal ADD CONSTRAINT lease_renewal_replaced_by_another CHECK (replaced_by IS NULL OR replaced_by <> decision_id);
