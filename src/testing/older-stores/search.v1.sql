CREATE VIRTUAL TABLE search USING fts5 (words, parts, tool, file, content='', contentless_delete=1, tokenize='unicode61');
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO facts VALUES ('followed', 6);
INSERT INTO facts VALUES ('follows', 638468531699);
PRAGMA user_version = 1;
PRAGMA application_id = 0;
