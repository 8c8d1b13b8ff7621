DROP TABLE policy;
DROP TABLE agreement_unit;
DROP TABLE agreement;
DROP TABLE letting_override;
DROP TABLE inspection_finding;
DROP TABLE inspection;
