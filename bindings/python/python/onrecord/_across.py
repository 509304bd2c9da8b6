"""People and quotations across the tables of a Spark job.

SQL finds what may belong together, and the engine decides by the rules of a store. However often a name or a phrase occurs,
the number of rows that one decision needs is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from onrecord import _native

BOUNDS = _native.bounds()
"""The bounds of a store: how many rows a decision may need."""
TOGETHER = 500
"""How many bearers of a one-word name are decided about at once."""

ARTICLE = "digest, source_id, article_id"
"""The columns that identify an article. A digest alone may stand for a file with several articles."""
TEXT = T.StringType()

Row = dict[str, Any]
Keep = Callable[[DataFrame], DataFrame]
"""Computes a result that later steps use several times. Without it, plans double with every step that uses one twice."""


def checkpointed(df: DataFrame) -> DataFrame:
    """Keeps a result on the executors. It is lost with any of them."""
    return df.localCheckpoint()


def mapped(df: DataFrame, function: Callable[[Row], Iterable[Row]], of_row: str, **new: T.DataType) -> DataFrame:
    """Calls a function for every row, on the executors.

    Each result of the function becomes a row: the columns of the row that `of_row` names, and the new ones.
    """
    schema = T.StructType([df.schema[name] for name in of_row.split()])
    for name, kind in new.items():
        schema = schema.add(name, kind)
    arrow = to_arrow_schema(schema)

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = [{**row, **result} for row in batch.to_pylist() for result in function(row)]
            yield pa.RecordBatch.from_pylist(rows, schema=arrow)

    return df.mapInArrow(run, schema)


def sql(text: str, **tables: DataFrame) -> DataFrame:
    """Runs a query. A name in braces is one of the tables or a constant."""
    spark = next(iter(tables.values())).sparkSession
    for name, constant in {**BOUNDS, "TOGETHER": TOGETHER, "ARTICLE": ARTICLE}.items():
        text = text.replace(f"{{{name}}}", str(constant))
    return spark.sql(text, None, **tables)


def people(entities: DataFrame, *, keep: Keep = checkpointed) -> DataFrame:
    """Returns who the persons, organisations and places of all articles are.

    Args:
        entities: The table `entities` of a job.
        keep: What computes the result of a step. By default, results stay on the executors, and the query fails if an
            executor is lost. `join` writes them to files instead.

    Returns:
        The identified entities: `digest`, `source_id`, `article_id` and `entity` as in the table, `person` (a key that is
        the same wherever somebody is named), `name` and `evidence`.
    """

    def parsed(row: Row) -> Iterator[Row]:
        key, surname, first_name, alone = _native.name(row["kind"], row["name"])
        yield {"key": key, "surname": surname, "first_name": first_name, "alone": alone}

    of_row = "digest source_id article_id day entity number name kind roles"
    names = keep(mapped(entities, parsed, of_row, key=TEXT, surname=TEXT, first_name=TEXT, alone=TEXT))
    # A place orders entities as in a store that has read the articles day by day.
    full = sql(
        """
        SELECT *, struct(coalesce(day, 0) AS day, source_id, article_id, digest, number) AS place
        FROM {names} WHERE key IS NOT NULL
        """,
        names=names,
    )
    known = keep(
        sql(
            """
            SELECT key, min_by(name, place) AS name, min_by(surname, place) AS surname,
                min_by(first_name, place) AS first_name, min(place) AS place
            FROM {full} GROUP BY key
            """,
            full=full,
        )
    )
    alone = sql(
        "SELECT alone AS word, {ARTICLE}, entity, name, roles FROM {names} WHERE alone IS NOT NULL", names=names
    )
    # A word may mean those whose surname it is, or if there is nobody, those whose first name it is.
    candidates = keep(
        sql(
            """
            WITH words AS (
                SELECT DISTINCT word FROM {alone} WHERE length(word) >= {SHORTEST}
            ), meant AS (
                SELECT word, key, place, true AS by_surname FROM words JOIN {known} ON surname = word
                UNION ALL
                SELECT word, key, place, false AS by_surname FROM words JOIN {known} ON first_name = word
            ), better AS (
                SELECT *, max(by_surname) OVER (PARTITION BY word) AS some_by_surname FROM meant
            ), ranked AS (
                SELECT *, row_number() OVER (PARTITION BY word ORDER BY place) AS rank
                FROM better WHERE by_surname = some_by_surname
            )
            SELECT word, key, by_surname, rank FROM ranked WHERE rank <= {NAMESAKES}
            """,
            alone=alone,
            known=known,
        )
    )
    return sql(
        """
        SELECT {ARTICLE}, entity, key AS person, k.name, 'the same name' AS evidence
        FROM (SELECT {ARTICLE}, entity, key FROM {full}) JOIN {known} AS k USING (key)
        UNION ALL
        SELECT {ARTICLE}, entity, person, k.name, evidence FROM {borne} JOIN {known} AS k ON k.key = person
        UNION ALL
        SELECT {ARTICLE}, entity, person, min(name) OVER (PARTITION BY person) AS name, evidence FROM {holders}
        """,
        full=full,
        known=known,
        borne=bearers(names, full, alone, candidates),
        holders=holders(alone, candidates),
    )


def bearers(names: DataFrame, full: DataFrame, alone: DataFrame, candidates: DataFrame) -> DataFrame:
    """Returns which candidate the bearers of one-word names are, where one fits clearly."""
    # Bearers are decided about in shares, because a name may have any number of them. A share has all candidates.
    needed = sql(
        """
        WITH shares AS (
            SELECT word, ceil(count(*) / {TOGETHER}) AS shares FROM {alone} LEFT SEMI JOIN {candidates} USING (word)
            GROUP BY word
        ), shared AS (
            SELECT *, pmod(xxhash64({ARTICLE}, entity), shares) AS share FROM {alone} JOIN shares USING (word)
        ), ranked AS (
            SELECT key, roles, {ARTICLE}, row_number() OVER (PARTITION BY key ORDER BY place DESC) AS back
            FROM {full} LEFT SEMI JOIN {candidates} USING (key)
        ), needed AS (
            SELECT word, share, CAST(NULL AS string) AS key, false AS by_surname, 0 AS rank, 0 AS back, roles,
                {ARTICLE}, entity
            FROM shared
            UNION ALL
            SELECT word, explode(sequence(0, shares - 1)) AS share, key, by_surname, rank, back, roles,
                {ARTICLE}, CAST(NULL AS string) AS entity
            FROM ranked JOIN {candidates} USING (key) JOIN shares USING (word) WHERE back <= {LOOKED_AT}
        ), companies AS (
            SELECT {ARTICLE}, collect_list(struct(kind, name)) AS company FROM {names} GROUP BY {ARTICLE}
        )
        SELECT * FROM needed JOIN companies USING ({ARTICLE})
        """,
        names=names,
        alone=alone,
        candidates=candidates,
        full=full,
    )
    schema = T.StructType()
    for name in ("digest", "source_id", "article_id", "entity", "person", "evidence"):
        schema = schema.add(name, TEXT)
    arrow = to_arrow_schema(schema)

    def mention(row: Row) -> tuple[list[str], list[tuple[str, str]]]:
        return row["roles"], [(one["kind"], one["name"]) for one in row["company"]]

    def decided(table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        bearers = [row for row in rows if row["key"] is None]
        mentions: dict[str, list[Row]] = {}
        for row in sorted(rows, key=lambda row: (row["rank"], row["back"])):
            if row["key"] is not None:
                mentions.setdefault(row["key"], []).append(row)
        by_surname = any(row["by_surname"] for row in rows)
        known = [[mention(row) for row in some] for some in mentions.values()]
        found = _native.bearers(rows[0]["word"], [mention(row) for row in bearers], by_surname, known)
        keys = list(mentions)
        made = [
            {**row, "person": keys[candidate[0]], "evidence": candidate[1]}
            for row, candidate in zip(bearers, found, strict=True)
            if candidate is not None
        ]
        return pa.Table.from_pylist(made, schema=arrow)

    return needed.groupBy("word", "share").applyInArrow(decided, schema)


def holders(alone: DataFrame, candidates: DataFrame) -> DataFrame:
    """Returns who the bearers of one-word names are that no full name has. Those with the same office are one person."""

    def with_offices(row: Row) -> Iterator[Row]:
        for office in _native.role_words(row["roles"]):
            person, evidence = _native.holder(row["word"], office)
            yield {"office": office, "person": person, "evidence": evidence}

    unexplained = sql(
        "SELECT * FROM {alone} LEFT ANTI JOIN {candidates} USING (word)", alone=alone, candidates=candidates
    )
    of_row = "word digest source_id article_id entity name"
    return sql(
        """
        WITH counted AS (
            SELECT *, count(*) OVER (PARTITION BY word, office) AS holders FROM {offices}
        ), ranked AS (
            SELECT *, row_number() OVER (PARTITION BY word, {ARTICLE}, entity ORDER BY holders DESC, office) AS rank
            FROM counted WHERE holders > 1
        )
        SELECT {ARTICLE}, entity, name, person, evidence FROM ranked WHERE rank = 1
        """,
        offices=mapped(unexplained, with_offices, of_row, office=TEXT, person=TEXT, evidence=TEXT),
    )


def lineages(
    statements: DataFrame, articles: DataFrame, identities: DataFrame, *, keep: Keep = checkpointed
) -> DataFrame:
    """Returns the lineage of every statement whose words occur in more than one statement.

    Args:
        statements: The table `statements` of a job.
        articles: Its table `articles`.
        identities: What `people` returns.
        keep: What computes the result of a step; see `people`.

    Returns:
        A row for every version: `quotation` (the statement whose lineage it is), `statement`, `position` (1 for the first
        publication), `first`, `change`, and `copy_of` (an earlier statement in a copy of the same wire story). Statements
        have their `digest`, `source_id`, `article_id` and `statement` in one column.
    """
    said = keep(statements_of(statements, articles, identities))
    direct = keep(similar(said, keep))
    versions = keep(versions_of(said, keep(members_of(said, direct))))
    return sql(
        """
        WITH partners AS (
            SELECT article, other FROM {copies} UNION ALL SELECT other AS article, article AS other FROM {copies}
        ), earlier AS (
            SELECT v.seed, v.id, min_by(w.id, w.position) AS copy_of
            FROM {versions} AS v JOIN partners AS p ON p.article = v.article
            JOIN {versions} AS w ON w.seed = v.seed AND w.article = p.other AND w.position < v.position
            GROUP BY v.seed, v.id
        ), names AS (
            SELECT id, struct({ARTICLE}, statement) AS name FROM {said}
        )
        SELECT q.name AS quotation, s.name AS statement, position, f.name AS first, h.change, c.name AS copy_of
        FROM {versions} AS v LEFT JOIN earlier ON earlier.seed = v.seed AND earlier.id = v.id
        LEFT JOIN {changes} AS h ON h.first = v.first AND h.id = v.id
        JOIN names AS q ON q.id = v.seed JOIN names AS s ON s.id = v.id JOIN names AS f ON f.id = v.first
        LEFT JOIN names AS c ON c.id = earlier.copy_of
        """,
        changes=changes_of(said, versions),
        copies=copies_of(said, versions, articles, keep),
        said=said,
        versions=versions,
    )


def statements_of(statements: DataFrame, articles: DataFrame, identities: DataFrame) -> DataFrame:
    """Returns what lineages need of statements. `id` and `article` identify a statement and its article in few bytes."""
    return sql(
        """
        WITH known AS (
            SELECT {ARTICLE}, statement, collect_set(person) AS persons
            FROM (SELECT {ARTICLE}, statement, explode(speaker_entities) AS entity FROM {statements})
            JOIN {identities} USING ({ARTICLE}, entity) GROUP BY {ARTICLE}, statement
        ), said AS (
            SELECT {ARTICLE}, statement, number, content, kind = 'indirect' AS indirect, persons,
                CASE WHEN speaker_kind IN ('person', 'organization') THEN coalesce(speaker, '') END AS speaker,
                speaker_kind = 'person' AS person, coalesce(day, 0) AS day, coalesce(day, 0) = 0 AS undated
            FROM {statements} JOIN (SELECT {ARTICLE}, day FROM {articles}) USING ({ARTICLE})
            LEFT JOIN known USING ({ARTICLE}, statement)
        )
        SELECT *, substring(sha2(concat_ws('/', {ARTICLE}, statement), 256), 1, 24) AS id,
            struct(day, source_id, article_id, digest, number) AS place,
            substring(sha2(concat_ws('/', {ARTICLE}), 256), 1, 24) AS article
        FROM said
        """,
        statements=statements,
        articles=articles,
        identities=identities,
    )


def similar(said: DataFrame, keep: Keep) -> DataFrame:
    """Returns the pairs of statements that are versions of the same words, and how many hashes each pair shares."""

    def hashed(row: Row) -> Iterator[Row]:
        for hash in _native.fingerprints(row["content"]):
            yield {"hash": hash}

    hashes = mapped(said.select("id", "place", "content"), hashed, "id place", hash=T.LongType())
    # A hash that more than COMMON statements have finds nothing, unless a statement has no other.
    counted = keep(
        sql(
            """
            WITH ranked AS (
                SELECT *, row_number() OVER (PARTITION BY hash ORDER BY place) AS rank FROM {hashes}
            )
            SELECT hash, collect_list(id) AS ids, count(*) AS n FROM ranked WHERE rank <= {MOST} + 1 GROUP BY hash
            HAVING count(*) > 1
            """,
            hashes=hashes,
        )
    )
    compared = sql(
        """
        WITH sized AS (
            SELECT id, hash, n, bool_or(n <= {COMMON}) OVER (PARTITION BY id) AS some_rare
            FROM {hashes} JOIN (SELECT hash, n FROM {counted}) USING (hash)
        ), seeds AS (
            SELECT id, hash FROM sized WHERE n <= {COMMON} OR NOT some_rare
        ), found AS (
            SELECT id AS a, explode(ids) AS b FROM seeds JOIN {counted} USING (hash)
        ), pairs AS (
            SELECT a, b, count(*) AS shared FROM found WHERE a <> b GROUP BY a, b
        )
        SELECT a, b, shared, s.content AS a_content, t.content AS b_content, s.persons AS a_persons,
            t.persons AS b_persons, s.speaker AS a_speaker, t.speaker AS b_speaker, s.person AND t.person AS two_persons,
            abs(s.day - t.day) < {NEAR} AS near
        FROM pairs JOIN {said} AS s ON s.id = a JOIN {said} AS t ON t.id = b
        """,
        hashes=hashes,
        counted=counted,
        said=said,
    )

    def speakers(row: Row) -> tuple[bool, bool]:
        """Returns whether both have one speaker, near each other in time, and whether they are of two people."""
        one, other = row["a_speaker"], row["b_speaker"]
        if one is None or other is None:
            return False, False
        share = _native.share_a_name(one, other)
        known = row["a_persons"] and row["b_persons"]
        same = not set(row["a_persons"]).isdisjoint(row["b_persons"]) if known else share
        return same and row["near"], not same and not share and row["two_persons"]

    def same(row: Row) -> Iterator[Row]:
        if _native.same(row["a_content"], row["b_content"], *speakers(row)):
            yield {"a_words": _native.fold(row["a_content"]), "b_words": _native.fold(row["b_content"])}

    return mapped(compared, same, "a b shared", a_words=TEXT, b_words=TEXT)


def members_of(said: DataFrame, direct: DataFrame) -> DataFrame:
    """Returns the statements in the lineage of every statement.

    Two cuts of a quotation may have nothing in common but the full version. Identical copies would find the same again, so
    only the first of them is asked. The order is that in which a store compares, and decides where a bound cuts.
    """
    return sql(
        """
        WITH ordered AS (
            SELECT d.*, row_number() OVER (PARTITION BY a ORDER BY shared DESC, place) AS nth
            FROM {direct} AS d JOIN (SELECT id AS b, place FROM {said}) USING (b)
        ), asked AS (
            SELECT a, b, nth, row_number() OVER (PARTITION BY a, b_words ORDER BY nth) AS copy
            FROM ordered WHERE a_words <> b_words AND nth < {MOST}
        ), found AS (
            SELECT a AS seed, a AS id, a_words AS words, 0 AS turn, 0 AS nth FROM {direct}
            UNION ALL SELECT a AS seed, b AS id, b_words AS words, 0 AS turn, nth FROM ordered
            UNION ALL SELECT asked.a AS seed, o.b AS id, o.b_words AS words, asked.nth AS turn, o.nth
            FROM asked JOIN ordered AS o ON o.a = asked.b WHERE copy = 1
        ), once AS (
            SELECT seed, id, min(words) AS words, min(struct(turn, nth)) AS found FROM found GROUP BY seed, id
        ), ranked AS (
            SELECT *, row_number() OVER (PARTITION BY seed ORDER BY found) AS nth FROM once
        )
        SELECT seed, id, words, article FROM ranked JOIN (SELECT id, article FROM {said}) USING (id) WHERE nth <= {MOST}
        """,
        direct=direct,
        said=said,
    )


def versions_of(said: DataFrame, members: DataFrame) -> DataFrame:
    """Returns the versions of every statement that has more than one, with their positions.

    Of statements of one article that contain one another, the seed is its version, or else the outermost. A quotation
    comes before a paraphrase in the same article.
    """
    return sql(
        """
        WITH whole AS (
            SELECT v.seed, v.id FROM {members} AS v LEFT ANTI JOIN {members} AS m
            ON m.seed = v.seed AND m.article = v.article AND v.id <> v.seed AND (
                length(m.words) > length(v.words) AND contains(m.words, v.words)
                OR m.id = m.seed AND length(v.words) > length(m.words) AND contains(v.words, m.words))
        ), placed AS (
            SELECT seed, id, article, row_number() OVER by_day AS position, first(id) OVER by_day AS first,
                count(*) OVER (PARTITION BY seed) AS versions
            FROM whole JOIN {said} USING (id) WINDOW by_day AS (
                PARTITION BY seed ORDER BY undated, day, source_id, article_id, digest, indirect, number)
        )
        SELECT seed, id, article, position, first FROM placed WHERE versions > 1
        """,
        members=members,
        said=said,
    )


def changes_of(said: DataFrame, versions: DataFrame) -> DataFrame:
    """Returns how each version changes the first one. Lineages have many pairs of these in common."""
    pairs = sql(
        """
        SELECT DISTINCT v.first, v.id, f.content AS first_content, f.indirect AS first_indirect, s.content, s.indirect
        FROM {versions} AS v JOIN {said} AS f ON f.id = v.first JOIN {said} AS s ON s.id = v.id WHERE v.first <> v.id
        """,
        versions=versions,
        said=said,
    )

    def changed(row: Row) -> Iterator[Row]:
        yield {"change": _native.change(row["first_content"], row["first_indirect"], row["content"], row["indirect"])}

    return mapped(pairs, changed, "first id", change=TEXT)


def copies_of(said: DataFrame, versions: DataFrame, articles: DataFrame, keep: Keep) -> DataFrame:
    """Returns the pairs of articles with versions of the same words that are the same wire story."""
    texts = sql(
        """
        WITH quotations AS (
            SELECT article, collect_list(content) AS quotations FROM {said} WHERE NOT indirect GROUP BY article
        ), some AS (
            SELECT DISTINCT {ARTICLE}, article FROM {said} LEFT SEMI JOIN {versions} USING (article)
        )
        SELECT article, text, coalesce(quotations, array()) AS quotations
        FROM some JOIN (SELECT {ARTICLE}, text FROM {articles}) USING ({ARTICLE}) LEFT JOIN quotations USING (article)
        """,
        said=said,
        versions=versions,
        articles=articles,
    )

    def own(row: Row) -> Iterator[Row]:
        yield {"runs": _native.own_runs(row["text"], row["quotations"])}

    # Most lineages have the same articles as others, which are compared once.
    stories = sql(
        """
        WITH lineages AS (
            SELECT DISTINCT array_sort(collect_set(article)) AS members FROM {versions} GROUP BY seed
        ), each AS (
            SELECT explode(members) AS article, members FROM lineages
        ), together AS (
            SELECT DISTINCT article, explode(filter(members, other -> other > article)) AS other FROM each
        )
        SELECT article, other, r.runs, o.runs AS other_runs
        FROM together JOIN {runs} AS r USING (article) JOIN (SELECT article AS other, runs FROM {runs}) AS o USING (other)
        """,
        versions=versions,
        runs=keep(mapped(texts, own, "article", runs=T.ArrayType(T.LongType()))),
    )

    def one_story(row: Row) -> Iterator[Row]:
        if _native.same_story(row["runs"], row["other_runs"]):
            yield {}

    return mapped(stories, one_story, "article other")
