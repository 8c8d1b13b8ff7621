DROP INDEX application_by_applicant;
DROP TABLE referral;
