-- The store's schema, version 3: decisions know where their statement stands and who made them, statements have addresses
-- that outlast another reading, and what stood in words that search was never asked for stands in tables.

PRAGMA user_version = 3;

-- "onre": which program the file belongs to, where `file` and SQLite look for it.
PRAGMA application_id = 1869509221;

-- A hash of all that the engine found in this version, by which `verify` knows whether it is as it was put.
ALTER TABLE articles ADD COLUMN seal TEXT;

-- What names the statement for ever: sixteen hexadecimal digits of a hash of the article's key, of the words of the
-- content and of how many statements with these words come before it. The versions of an article share addresses.
ALTER TABLE statements ADD COLUMN address TEXT;

CREATE INDEX statements_address ON statements (address);

-- The decision that parts this one from the others of the name.
ALTER TABLE people ADD COLUMN apart INTEGER REFERENCES decisions (id);

-- For somebody with a name of one word: the office by which their bearers are known for one.
ALTER TABLE people ADD COLUMN office TEXT;

-- Who made it.
ALTER TABLE decisions ADD COLUMN decider TEXT;

-- For accept, reject and set: the hash of the text in which the statement stood, the words of its source, and the text
-- before and after its content there. By these it is found again in another version, and told from others of the same
-- words.
ALTER TABLE decisions ADD COLUMN version TEXT;
ALTER TABLE decisions ADD COLUMN source TEXT;
ALTER TABLE decisions ADD COLUMN before TEXT;
ALTER TABLE decisions ADD COLUMN after TEXT;

-- A hash of the decision, by which `verify` knows whether it is as it was made.
ALTER TABLE decisions ADD COLUMN seal TEXT;

-- For speaker: who this is across articles, and what: person, organization, place.
ALTER TABLE corrections ADD COLUMN person INTEGER REFERENCES people (id);
ALTER TABLE corrections ADD COLUMN kind TEXT;

-- Which of the people speak in a statement that search finds, and who is named in it.
CREATE TABLE people_statements (
    person INTEGER NOT NULL,
    -- speaker, about
    field TEXT NOT NULL,
    statement INTEGER NOT NULL,
    PRIMARY KEY (person, field, statement)
) STRICT, WITHOUT ROWID;

CREATE INDEX people_statements_statement ON people_statements (statement);

DROP VIEW said;

-- Each statement with its article, for people who look with other tools. The numbers in id are too large for JavaScript;
-- name and address are for showing.
CREATE VIEW said AS
SELECT
    s.id, a.id || '.s' || s.number AS name, s.address, coalesce(p.value, s.speaker) AS speaker,
    coalesce(p.kind, s.speaker_kind) AS speaker_kind, coalesce(r.value, s.role) AS role, s.cue, s.content, s.kind, s.act,
    s.status, s.addressee, coalesce(d.value, s.said) AS said, a.published, a.outlet, a.title, a.url, s.confidence,
    v.value AS verdict
FROM statements s
JOIN articles a ON a.id = s.article
LEFT JOIN corrections v ON v.statement = s.id AND v.field = 'verdict'
LEFT JOIN corrections p ON p.statement = s.id AND p.field = 'speaker'
LEFT JOIN corrections r ON r.statement = s.id AND r.field = 'role'
LEFT JOIN corrections d ON d.statement = s.id AND d.field = 'said'
WHERE a.latest;
