DROP TABLE demolition_resident;
DROP TABLE demolition_unit;
DROP TABLE demolition_plan;
