DROP TABLE outbox_lane;
DROP TABLE outbox_message;
