ALTER TABLE lease_renewal DROP CONSTRAINT lease_renewal_replaced_by_another;
ALTER TABLE lease_renewal DROP COLUMN replaced_by;
