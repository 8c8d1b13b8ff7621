DROP TABLE dwelling;
DROP TABLE plan_measure;
