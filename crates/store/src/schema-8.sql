-- The store's schema, version 8: the views say whether the publisher withdrew an article, and search finds statements
-- and reports by the notices about their articles.

PRAGMA user_version = 8;

-- What all texts that withdraw an article have in common with it: a permanent name (a web address, urn: or tag:), or
-- else the key.
ALTER TABLE articles ADD COLUMN item TEXT;
CREATE INDEX articles_item ON articles (item);

DROP VIEW said;

-- Each statement with its article, for people who look with other tools.
CREATE VIEW said AS
SELECT
    s.id, a.id || '.s' || s.number AS name, s.address, coalesce(p.value, s.speaker) AS speaker,
    coalesce(p.kind, s.speaker_kind) AS speaker_kind,
    coalesce(r.value, CASE WHEN p.value IS NULL OR p.value = s.speaker THEN s.role END) AS role, s.cue, s.content, s.kind,
    s.act, s.status, s.addressee, coalesce(d.value, s.said) AS said, coalesce(a.published, a.dateline_date) AS published,
    a.outlet, a.title, a.url, s.confidence, v.value AS verdict,
    EXISTS (
        SELECT 1 FROM articles l JOIN notices n ON n.article = l.id
        WHERE l.item = a.item AND l.id >= a.id AND n.kind = 'withdrawn') AS withdrawn
FROM statements s
JOIN articles a ON a.id = s.article
LEFT JOIN corrections v ON v.statement = s.id AND v.field = 'verdict'
LEFT JOIN corrections p ON p.statement = s.id AND p.field = 'speaker'
LEFT JOIN corrections r ON r.statement = s.id AND r.field = 'role'
LEFT JOIN corrections d ON d.statement = s.id AND d.field = 'said'
WHERE a.latest;

DROP VIEW reported;

-- Each report with its claimant, for people who look with other tools. The side of a claimant is the engine's: it is
-- unknown if a person corrected a party, the claimant, or the speaker or role of the claimant's statement.
CREATE VIEW reported AS
SELECT
    e.id, a.id || '.v' || e.number AS name, coalesce(ct.value, e.type) AS type, coalesce(cs.value, e.status) AS status,
    e.historical, e.trigger, coalesce(ca.value, e.actor) AS actor,
    CASE WHEN ca.value IS NULL THEN e.actor_country ELSE ca.country END AS actor_country,
    CASE WHEN ca.value IS NULL THEN e.actor_sector END AS actor_sector,
    coalesce(cr.value, e.recipient) AS recipient,
    CASE WHEN cr.value IS NULL THEN e.recipient_country ELSE cr.country END AS recipient_country,
    CASE WHEN cr.value IS NULL THEN e.recipient_sector END AS recipient_sector,
    e.place, e.place_country, e.date, e.date_basis,
    CASE WHEN s.id IS NULL THEN 'article' ELSE coalesce(sc.value, s.speaker) END AS claimant,
    CASE WHEN coalesce(ca.value, cr.value, sc.value, so.value) IS NULL AND s.number IS e.claimant
        THEN e.claimant_side END AS claimant_side,
    s.content AS claim, coalesce(a.published, a.dateline_date) AS published, a.outlet, a.title, a.url, e.confidence, v.value AS verdict,
    EXISTS (
        SELECT 1 FROM articles l JOIN notices n ON n.article = l.id
        WHERE l.item = a.item AND l.id >= a.id AND n.kind = 'withdrawn') AS withdrawn
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
LEFT JOIN corrections so ON so.statement = s.id AND so.field = 'role'
WHERE a.latest;
