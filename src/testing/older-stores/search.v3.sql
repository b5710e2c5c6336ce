CREATE TABLE drift (agent TEXT NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, n INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, event TEXT NOT NULL, sample TEXT, PRIMARY KEY (agent, what, name, version)) WITHOUT ROWID;
CREATE TABLE versions (lane TEXT PRIMARY KEY, version TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5 (words, parts, tool, file, content='', contentless_delete=1, tokenize='unicode61');
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO facts VALUES ('events', 6);
INSERT INTO facts VALUES ('followed', 1);
INSERT INTO facts VALUES ('follows', 233153273046);
PRAGMA user_version = 3;
PRAGMA application_id = 0;
