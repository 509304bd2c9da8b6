-- The store's schema, version 5: reports of events, for articles that were read with them.

PRAGMA user_version = 5;

-- Whether reports of events were looked for in this version.
ALTER TABLE articles ADD COLUMN with_events INTEGER NOT NULL DEFAULT 0;

-- Whether the decision is about a report of an event and not about a statement. Its content is then the trigger, its
-- source the words for the actor.
ALTER TABLE decisions ADD COLUMN on_event INTEGER NOT NULL DEFAULT 0;

-- As with statements, their ids are in the order of the days on which the articles were published.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    -- Its place in the record, from 1: v1 on the wire is 1.
    number INTEGER NOT NULL,
    -- A type of the PLOVER ontology: AGREE, CONSULT, …
    type TEXT NOT NULL,
    -- happened, planned, possible, denied
    status TEXT NOT NULL,
    historical INTEGER NOT NULL,
    trigger TEXT NOT NULL,
    -- Names, or words of the article. Codes are ISO 3166 alpha-3 and PLOVER sectors. Several are joined by " | ".
    actor TEXT,
    actor_country TEXT,
    actor_sector TEXT,
    recipient TEXT,
    recipient_country TEXT,
    recipient_sector TEXT,
    place TEXT,
    place_country TEXT,
    -- The date of the event, and what it is based on: text, statement, article.
    date TEXT,
    date_basis TEXT,
    -- The number of the statement in the article whose content reports it. NULL if the article itself does.
    claimant INTEGER,
    -- actor, recipient, other
    claimant_side TEXT,
    confidence REAL NOT NULL,
    -- The whole report, as in the record (JSON).
    report TEXT NOT NULL,
    UNIQUE (article, number)
) STRICT;

-- The entities that act, and those to whom it is done.
CREATE TABLE event_entities (
    event INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- actor, recipient
    part TEXT NOT NULL,
    place INTEGER NOT NULL,
    entity INTEGER NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    PRIMARY KEY (event, part, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_entities_entity ON event_entities (entity);

-- What the search for events looks at: a row for each report of a latest version that nobody rejected, with the report's
-- id. kind holds type, class, status, side of the claimant and whether it is historical; date the year, month and day.
CREATE VIRTUAL TABLE event_words USING fts5 (
    words, actor, recipient, claimant, place, outlet, kind, date,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

-- Who takes part in the reports that the search finds: the code of a country, or p and the number of one of the people.
CREATE TABLE event_parties (
    party TEXT NOT NULL,
    -- actor, recipient
    part TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (party, part, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_parties_event ON event_parties (event);

-- What decisions mean for the reports that stand now.
CREATE TABLE event_corrections (
    event INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- verdict, type, status, actor, recipient, claimant
    field TEXT NOT NULL,
    -- For verdict: accepted or rejected. For claimant: article, or the address of a statement.
    value TEXT NOT NULL,
    decision INTEGER NOT NULL REFERENCES decisions (id),
    -- For actor and recipient: who this is across articles.
    person INTEGER REFERENCES people (id),
    PRIMARY KEY (event, field)
) STRICT, WITHOUT ROWID;

-- Each report with its claimant, for people who look with other tools.
CREATE VIEW reported AS
SELECT
    e.id, a.id || '.v' || e.number AS name, coalesce(ct.value, e.type) AS type, coalesce(cs.value, e.status) AS status,
    e.historical, e.trigger, coalesce(ca.value, e.actor) AS actor,
    CASE WHEN ca.value IS NULL THEN e.actor_country END AS actor_country,
    CASE WHEN ca.value IS NULL THEN e.actor_sector END AS actor_sector,
    coalesce(cr.value, e.recipient) AS recipient,
    CASE WHEN cr.value IS NULL THEN e.recipient_country END AS recipient_country,
    CASE WHEN cr.value IS NULL THEN e.recipient_sector END AS recipient_sector,
    e.place, e.place_country, e.date, e.date_basis,
    CASE WHEN s.id IS NULL THEN 'article' ELSE coalesce(sc.value, s.speaker) END AS claimant,
    CASE WHEN cc.value IS NULL THEN e.claimant_side END AS claimant_side,
    s.content AS claim, a.published, a.outlet, a.title, a.url, e.confidence, v.value AS verdict
FROM events e
JOIN articles a ON a.id = e.article
LEFT JOIN event_corrections v ON v.event = e.id AND v.field = 'verdict'
LEFT JOIN event_corrections ct ON ct.event = e.id AND ct.field = 'type'
LEFT JOIN event_corrections cs ON cs.event = e.id AND cs.field = 'status'
LEFT JOIN event_corrections ca ON ca.event = e.id AND ca.field = 'actor'
LEFT JOIN event_corrections cr ON cr.event = e.id AND cr.field = 'recipient'
LEFT JOIN event_corrections cc ON cc.event = e.id AND cc.field = 'claimant'
LEFT JOIN statements s ON s.article = e.article AND
    CASE WHEN cc.value IS NULL THEN s.number = e.claimant ELSE s.address = cc.value END
LEFT JOIN corrections sc ON sc.statement = s.id AND sc.field = 'speaker'
WHERE a.latest;
