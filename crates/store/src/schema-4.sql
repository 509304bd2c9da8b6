-- The store's schema, version 4: indexes for what a store covers and for which statements people should look at first.

PRAGMA user_version = 4;

-- How certain the less certain of two things is: that this is a statement, and that the speaker is right. Earlier versions
-- of the engine gave the latter no confidence, which counts as certain.
ALTER TABLE statements ADD COLUMN certainty REAL
    GENERATED ALWAYS AS (min(confidence, coalesce(nullif(speaker_confidence, 0), 1.0))) VIRTUAL;

CREATE INDEX statements_certainty ON statements (certainty, id);

CREATE INDEX articles_outlet ON articles (outlet, published, engine_version, engine_model, latest) WHERE latest;
