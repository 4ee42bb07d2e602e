BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alerts (
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	claimed_until DATETIME, 
	sent_at DATETIME, 
	PRIMARY KEY (id)
);
INSERT INTO "alerts" VALUES('60725236ce4f41adb5f1214003612950','2026-11-01 00:00:00.000000',NULL,NULL);
CREATE TABLE chats (
	business_id BIGINT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	context_type VARCHAR(32), 
	order_id BIGINT, 
	return_id BIGINT, 
	swept_at DATETIME, 
	judged_up_to BIGINT, 
	PRIMARY KEY (business_id, chat_id)
);
INSERT INTO "chats" VALUES(1,1,'ORDER',50010000001,NULL,NULL,NULL);
INSERT INTO "chats" VALUES(1,2,'ORDER',50010000002,NULL,NULL,NULL);
CREATE TABLE messages (
	business_id BIGINT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	created_at DATETIME, 
	sender VARCHAR(32), 
	text TEXT, 
	file_names JSON, 
	rule_set VARCHAR(64), 
	judged_at DATETIME, 
	attempts INTEGER NOT NULL, 
	last_error TEXT, 
	retry_at DATETIME, 
	claimed_by VARCHAR(64), 
	claimed_until DATETIME, 
	PRIMARY KEY (business_id, chat_id, message_id)
);
INSERT INTO "messages" VALUES(1,1,1,'judged','2026-11-23 06:08:29.593893','2026-10-31 23:52:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,2,'judged','2026-11-23 06:08:29.622299','2026-10-31 23:53:00.000000','PARTNER','Здравствуйте! Заказ 50010000001 собран, отправим сегодня до 18:00.','null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,4,'judged','2026-11-23 06:08:29.622299','2026-10-31 23:55:00.000000','PARTNER','Да, серый, артикул 4512-3. Проверили перед упаковкой.','null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,6,'judged','2026-11-23 06:08:29.622299','2026-10-31 23:57:00.000000','PARTNER','Пожалуйста! Если будут вопросы, пишите сюда.','null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,8,'judged','2026-11-23 06:08:29.622299','2026-10-31 23:59:00.000000','PARTNER','Напишите ваш номер телефона, перезвоним.','null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,3,'judged','2026-11-23 06:08:29.636048','2026-10-31 23:54:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,5,'judged','2026-11-23 06:08:29.636048','2026-10-31 23:56:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,1,7,'judged','2026-11-23 06:08:29.636048','2026-10-31 23:58:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.636048',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,9,'judged','2026-11-23 06:08:29.651248','2026-10-31 23:52:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,10,'judged','2026-11-23 06:08:29.659220','2026-10-31 23:53:00.000000','PARTNER','Здравствуйте! Заказ 50010000002 собран, отправим сегодня до 18:00.','null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,12,'judged','2026-11-23 06:08:29.659220','2026-10-31 23:55:00.000000','PARTNER','Да, серый, артикул 4512-3. Проверили перед упаковкой.','null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,14,'judged','2026-11-23 06:08:29.659220','2026-10-31 23:57:00.000000','PARTNER','Пожалуйста! Если будут вопросы, пишите сюда.','null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,16,'judged','2026-11-23 06:08:29.659220','2026-10-31 23:59:00.000000','PARTNER','Напишите ваш номер телефона, перезвоним.','null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,11,'judged','2026-11-23 06:08:29.663040','2026-10-31 23:54:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,13,'judged','2026-11-23 06:08:29.663040','2026-10-31 23:56:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,2,15,'judged','2026-11-23 06:08:29.663040','2026-10-31 23:58:00.000000','CUSTOMER',NULL,'null','d25d6b9054df','2026-11-23 06:08:29.663040',0,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(1,9,900,'waiting','2026-11-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-01 00:00:00.000000',NULL,NULL);
CREATE TABLE pauses (
	business_id BIGINT NOT NULL, 
	method VARCHAR(64) NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (business_id, method)
);
CREATE TABLE reminders (
	business_id BIGINT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (business_id, chat_id, message_id)
);
CREATE TABLE requests (
	business_id BIGINT NOT NULL, 
	method VARCHAR(64) NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (business_id, method)
);
INSERT INTO "requests" VALUES(1,'getChatHistory',2);
CREATE TABLE sweeps (
	business_id BIGINT NOT NULL, 
	since DATETIME NOT NULL, 
	started_at DATETIME NOT NULL, 
	page_token TEXT, 
	finished_at DATETIME, 
	claimed_by VARCHAR(64), 
	claimed_until DATETIME, 
	PRIMARY KEY (business_id)
);
INSERT INTO "sweeps" VALUES(1,'2026-10-01 00:00:00.000000','2026-11-01 00:00:00.000000',NULL,'2026-11-01 00:00:00.000000',NULL,NULL);
CREATE TABLE violations (
	id INTEGER NOT NULL, 
	business_id BIGINT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	rule VARCHAR(64) NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	category VARCHAR(32) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	confidence FLOAT NOT NULL, 
	evidence TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	found_at DATETIME NOT NULL, 
	alert_id VARCHAR(32), 
	reported_at DATETIME, 
	status VARCHAR(16) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row_a_violation UNIQUE (business_id, chat_id, message_id, rule, start)
);
INSERT INTO "violations" VALUES(1,1,1,8,'contact-request',0,27,'contact-request','violation',0.93,'Напишите ваш номер телефона','Магазин просит у покупателя контакт.','2026-10-31 23:59:00.000000','2026-11-23 06:08:29.636048','60725236ce4f41adb5f1214003612950',NULL,'open');
INSERT INTO "violations" VALUES(2,1,2,16,'contact-request',0,27,'contact-request','violation',0.93,'Напишите ваш номер телефона','Магазин просит у покупателя контакт.','2026-10-31 23:59:00.000000','2026-11-23 06:08:29.663040',NULL,NULL,'open');
CREATE INDEX alerts_by_time ON alerts (sent_at, created_at);
CREATE INDEX messages_by_state ON messages (state, retry_at);
CREATE INDEX violations_by_alert ON violations (alert_id);
CREATE INDEX violations_unreported ON violations (reported_at, found_at);
COMMIT;
