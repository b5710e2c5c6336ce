CREATE VIRTUAL TABLE search USING fts5 (words, parts, tool, file, content='', contentless_delete=1, tokenize='unicode61');
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO facts VALUES ('events', 6);
INSERT INTO facts VALUES ('followed', 1);
INSERT INTO facts VALUES ('follows', 970357782009);
PRAGMA user_version = 2;
PRAGMA application_id = 0;
