DROP INDEX refresh_token_by_session;
DROP INDEX session_by_end;
DROP TABLE sign_in_try;
