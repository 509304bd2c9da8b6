-- The store's schema, version 2: what kind of statement each one is, and whether it was made.

PRAGMA user_version = 2;

-- say, ask, demand, warn, threaten, promise, accuse, praise, deny, admit, agree, decline, believe, want, find; empty for
-- statements that an earlier version of the engine found.
ALTER TABLE statements ADD COLUMN act TEXT NOT NULL DEFAULT '';

-- Whether it was made: made, not_made, expected, possible, disputed; empty likewise.
ALTER TABLE statements ADD COLUMN status TEXT NOT NULL DEFAULT '';

DROP VIEW said;

-- Each statement with its article, for people who look with other tools.
CREATE VIEW said AS
SELECT
    s.id, a.id || '.s' || s.number AS name, coalesce(p.value, s.speaker) AS speaker, s.speaker_kind,
    coalesce(r.value, s.role) AS role, s.cue, s.content, s.kind, s.act, s.status, s.addressee,
    coalesce(d.value, s.said) AS said, a.published, a.outlet, a.title, a.url, s.confidence, v.value AS verdict
FROM statements s
JOIN articles a ON a.id = s.article
LEFT JOIN corrections v ON v.statement = s.id AND v.field = 'verdict'
LEFT JOIN corrections p ON p.statement = s.id AND p.field = 'speaker'
LEFT JOIN corrections r ON r.statement = s.id AND r.field = 'role'
LEFT JOIN corrections d ON d.statement = s.id AND d.field = 'said'
WHERE a.latest;
