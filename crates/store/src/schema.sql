-- The store's schema, version 1. It is public: open the file with any tool that reads SQLite.
--
-- Offsets count Unicode code points of articles.text, half-open. Lists are JSON arrays. Dates are EDTF: 2015-12-03,
-- 2015-12, 2015, XXXX-12-03. What is absent is NULL. What people decided stands in decisions alone; corrections and
-- people.same_as are drawn from it and can be drawn again.

PRAGMA user_version = 1;

-- Versions of articles.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    -- What makes two texts versions of one article: its web address, else the name of its source.
    key TEXT NOT NULL,
    -- SHA-256 of the text, in hexadecimal digits: article.id on the wire.
    hash TEXT NOT NULL,
    source_id TEXT NOT NULL,
    url TEXT,
    outlet TEXT,
    title TEXT,
    bylines TEXT NOT NULL,
    published TEXT,
    -- Whether there is a dateline, and its parts.
    dateline INTEGER NOT NULL,
    dateline_place TEXT,
    dateline_date TEXT,
    dateline_agency TEXT,
    language TEXT,
    text TEXT NOT NULL,
    -- What made the record.
    engine_version TEXT NOT NULL,
    engine_model TEXT NOT NULL,
    -- The version that was kept before this one.
    earlier INTEGER REFERENCES articles (id),
    -- 1 for the version that was kept last. Search looks at these alone.
    latest INTEGER NOT NULL,
    UNIQUE (key, hash)
) STRICT;

CREATE INDEX articles_latest ON articles (key) WHERE latest;

CREATE TABLE blocks (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    -- headline, lead, byline, dateline, paragraph, block_quotation, list_item, caption, credit
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE notices (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (article, number)
) STRICT, WITHOUT ROWID;

-- Persons, organisations and places within one article.
CREATE TABLE entities (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    -- Its place in the record, from 1: e1 on the wire is 1.
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- person, organization, place
    kind TEXT NOT NULL,
    roles TEXT NOT NULL,
    aliases TEXT NOT NULL,
    -- [[start, end], …]
    mentions TEXT NOT NULL,
    -- The folded name, where it has but one word and so is no name of a person across articles by itself.
    alone TEXT,
    UNIQUE (article, number)
) STRICT;

CREATE INDEX entities_alone ON entities (alone) WHERE alone IS NOT NULL;

-- Persons, organisations and places across articles.
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What names it for ever: kind and folded name; decisions refer to it.
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- The last word of a person's folded name.
    surname TEXT,
    -- Another row that is the same, as a person decided.
    same_as INTEGER REFERENCES people (id)
) STRICT;

CREATE INDEX people_surname ON people (surname) WHERE surname IS NOT NULL;
CREATE INDEX people_same_as ON people (same_as) WHERE same_as IS NOT NULL;

-- Which of the people an article's entity is, and on what evidence.
CREATE TABLE identities (
    entity INTEGER PRIMARY KEY REFERENCES entities (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES people (id),
    evidence TEXT NOT NULL
) STRICT;

CREATE INDEX identities_person ON identities (person);

-- Surnames whose bearers must be compared again, because an article with one came in.
CREATE TABLE unjoined (surname TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Their ids order statements by the day on which the article was published, so that search finds the newest first.
CREATE TABLE statements (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    -- Its place in the record, from 1: s1 on the wire is 1.
    number INTEGER NOT NULL,
    -- direct, indirect, mixed
    kind TEXT NOT NULL,
    source TEXT,
    cue TEXT,
    content TEXT NOT NULL,
    speaker TEXT,
    -- person, organization, group, document, unnamed, none
    speaker_kind TEXT,
    role TEXT,
    speaker_confidence REAL,
    addressee TEXT,
    medium TEXT,
    occasion TEXT,
    time TEXT,
    -- The date on which it was said.
    said TEXT,
    -- Whether the words of time stand beside an earlier statement.
    carried INTEGER NOT NULL,
    -- The number of the statement that it is relayed inside.
    parent INTEGER,
    confidence REAL NOT NULL,
    why TEXT NOT NULL,
    UNIQUE (article, number)
) STRICT;

-- The pieces of a statement's fields.
CREATE TABLE spans (
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    -- source, cue, content, addressee, medium, occasion, time
    field TEXT NOT NULL,
    piece INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (statement, field, piece)
) STRICT, WITHOUT ROWID;

-- The entities beside a statement.
CREATE TABLE links (
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    -- speaker, addressee, medium, occasion, about
    field TEXT NOT NULL,
    place INTEGER NOT NULL,
    entity INTEGER NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    PRIMARY KEY (statement, field, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_entity ON links (entity);

-- What search looks at: a row for each statement of a latest version that nobody rejected, with the statement's id.
-- kind holds the statement's and the speaker's kind, said the year, month and day (2015 201512 20151203).
CREATE VIRTUAL TABLE words USING fts5 (
    content, speaker, role, about, outlet, kind, said,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE names USING fts5 (
    name, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

-- Hashes of runs of words in the contents of latest versions: what lineage looks for.
CREATE TABLE shingles (
    hash INTEGER NOT NULL,
    statement INTEGER NOT NULL,
    PRIMARY KEY (hash, statement)
) STRICT, WITHOUT ROWID;

-- What people decided. Nothing else writes here, and nothing is ever deleted: undone is set.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    -- When, in universal time: 2026-11-24T12:00:00Z.
    made TEXT NOT NULL,
    -- accept, reject, set, merge, split
    kind TEXT NOT NULL,
    -- For accept, reject, set and split: which article, by its key.
    article TEXT,
    -- For accept, reject and set: the statement's content, and where it begins and ends.
    content TEXT,
    start INTEGER,
    "end" INTEGER,
    -- For set: speaker, role or said, and its value. For split: the entity's name as the article has it.
    field TEXT,
    value TEXT,
    -- For merge: the keys of two people.
    person TEXT,
    other TEXT,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX decisions_article ON decisions (article) WHERE article IS NOT NULL;

-- What decisions mean for the statements that stand now.
CREATE TABLE corrections (
    statement INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    -- verdict, speaker, role, said
    field TEXT NOT NULL,
    -- For verdict: accepted or rejected.
    value TEXT NOT NULL,
    decision INTEGER NOT NULL REFERENCES decisions (id),
    PRIMARY KEY (statement, field)
) STRICT, WITHOUT ROWID;

-- Inputs that were read before and need not be read again: a digest of the document, of what was said of it, and of the
-- engine.
CREATE TABLE inputs (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

-- How many statements were ever kept: the lower part of their ids.
CREATE TABLE counter (statements INTEGER NOT NULL) STRICT;
INSERT INTO counter VALUES (0);

-- Each statement with its article, for people who look with other tools.
CREATE VIEW said AS
SELECT
    s.id, a.id || '.s' || s.number AS name, coalesce(p.value, s.speaker) AS speaker, s.speaker_kind,
    coalesce(r.value, s.role) AS role, s.cue, s.content, s.kind, s.addressee, coalesce(d.value, s.said) AS said,
    a.published, a.outlet, a.title, a.url, s.confidence, v.value AS verdict
FROM statements s
JOIN articles a ON a.id = s.article
LEFT JOIN corrections v ON v.statement = s.id AND v.field = 'verdict'
LEFT JOIN corrections p ON p.statement = s.id AND p.field = 'speaker'
LEFT JOIN corrections r ON r.statement = s.id AND r.field = 'role'
LEFT JOIN corrections d ON d.statement = s.id AND d.field = 'said'
WHERE a.latest;
