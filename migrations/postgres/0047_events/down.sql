DROP TABLE webhook_delivery;
DROP TABLE webhook;
DROP TABLE event_place;
DROP TABLE event_unplaced;
DROP TABLE event;
