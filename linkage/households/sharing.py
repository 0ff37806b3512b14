"""Homes with several households: which they are, and who in them belongs together."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from linkage.engine.clusters import components
from linkage.households.timeline import temp

MANY_RESIDENTS = 10
_EDGE_CONFIDENCE = {
    "uc": 0.95,
    "shbe": 0.95,
    "rent": 0.90,
    "hclic": 0.90,
    "ctax": 0.85,
    "follows": 0.90,
    "cs": 0.80,
    "surname": 0.70,
    "child": 0.70,
}
# A person alone in a shared home is a household of one if they hold something in their own name.
_ALONE_WITH_ANCHOR = 0.90
_ALONE_WITHOUT = 0.50
# Years between a child and somebody of their surname who may be a parent.
_PARENT_MONTHS = 16 * 12


def split_homes(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Make ``several``, the home parts with several households, and ``split`` of who is together.

    Args:
        con: Warehouse with ``candidate``, ``inside``, ``span`` and ``home_span``.
        schema: The month's schema, with ``person_identity``.
    """
    temp(con, "live_form", _live_forms_sql())
    temp(con, "several", _several_sql(schema))
    rows = _split(con, schema)
    con.register("split_rows", rows.to_arrow())
    temp(con, "split", "SELECT * FROM split_rows")
    con.unregister("split_rows")


def candidates_sql() -> str:
    """Homes that may ever have shown a sign of several households; the rest are not looked into."""
    return f"""
        WITH held AS (
            SELECT uprn, form, min(k_from) AS k_from, max(k_to) AS k_to,
                   CASE WHEN source IN ('uc', 'shbe') THEN 'claim' ELSE source END AS kind
            FROM span WHERE uprn IS NOT NULL AND source IN ('ctax', 'rent', 'uc', 'shbe')
            GROUP BY ALL)
        SELECT DISTINCT uprn FROM home_span
        WHERE communal_type IS NOT NULL OR shared_house OR shell
        UNION
        SELECT DISTINCT a.uprn FROM held a JOIN held b ON b.uprn = a.uprn AND b.kind = a.kind
        WHERE a.form < b.form AND a.k_from <= b.k_to AND a.k_to >= b.k_from
        UNION
        SELECT DISTINCT l.uprn FROM lived l JOIN span s
          ON s.person_id = l.person_id AND s.uprn IS NULL AND s.source IN ('uc', 'shbe')
        WHERE l.uprn IS NOT NULL
        UNION
        -- As many at any time, if not at one.
        SELECT place FROM lived WHERE place IN (
            SELECT place FROM lived GROUP BY place HAVING count(*) >= {MANY_RESIDENTS})
        GROUP BY place HAVING count(DISTINCT person_id) >= {MANY_RESIDENTS}"""


def _live_forms_sql() -> str:
    """Which residents stand on which live form at the home where they live."""
    return """
        SELECT DISTINCT i.part, i.uprn, p.form, p.source, i.person_id,
               p.part = 'LEAD' AS leads, p.part = 'CHILD' AS child
        FROM inside i
        JOIN span p ON p.person_id = i.person_id AND p.k_from <= i.k_from AND p.k_to >= i.k_from
                   AND (p.uprn = i.uprn OR p.uprn IS NULL)
        WHERE i.uprn IS NOT NULL"""


def _several_sql(schema: str) -> str:
    """Parts of homes that show signs of several households."""
    return f"""
        WITH home AS (
            SELECT part, uprn, k_from, count(*) AS residents
            FROM inside WHERE uprn IS NOT NULL GROUP BY part, uprn, k_from),
        held AS (
            SELECT part, count(DISTINCT form) FILTER (WHERE source = 'ctax') AS accounts,
                   count(DISTINCT form) FILTER (WHERE source = 'rent') AS tenancies
            FROM live_form GROUP BY part),
        claim AS (
            SELECT DISTINCT f.part, f.form, lower(i.last_name) AS last_name
            FROM live_form f LEFT JOIN {schema}.person_identity i USING (person_id)
            WHERE f.source IN ('uc', 'shbe') AND NOT f.child),
        two AS (SELECT part FROM claim GROUP BY part HAVING count(DISTINCT form) > 1),
        kin AS (
            SELECT DISTINCT l.part, l.form AS one, r.form AS other
            FROM claim l JOIN claim r USING (part)
            WHERE l.form < r.form AND l.last_name = r.last_name
            UNION
            SELECT DISTINCT a.part, a.form, d.form
            FROM live_form a SEMI JOIN two USING (part)
            JOIN live_form b ON b.part = a.part AND b.person_id = a.person_id
            JOIN live_form c ON c.part = b.part AND c.form = b.form
            JOIN live_form d ON d.part = c.part AND d.person_id = c.person_id
            WHERE a.source IN ('uc', 'shbe') AND d.source IN ('uc', 'shbe') AND a.form < d.form),
        strangers AS (
            SELECT DISTINCT l.part FROM claim l JOIN claim r USING (part)
            LEFT JOIN kin n ON n.part = l.part AND n.one = l.form AND n.other = r.form
            WHERE l.form < r.form AND n.one IS NULL)
        SELECT h.part, p.communal_type IS NOT NULL AS communal
        FROM home h
        LEFT JOIN held USING (part)
        LEFT JOIN home_span p ON p.uprn = h.uprn AND p.k_from <= h.k_from AND p.k_to >= h.k_from
        LEFT JOIN strangers g USING (part)
        WHERE h.residents > 1 AND (
            p.communal_type IS NOT NULL OR coalesce(p.shared_house, false)
            OR coalesce(p.shell, false) OR held.accounts >= 2 OR held.tenancies >= 2
            OR g.part IS NOT NULL OR h.residents >= {MANY_RESIDENTS})"""


def _edges_sql(schema: str) -> str:
    """Pairs of residents of such a home who belong together, with how sure that is."""
    sure = " ".join(f"WHEN '{kind}' THEN {value}" for kind, value in _EDGE_CONFIDENCE.items())
    kinds = ", ".join(f"'{kind}'" for kind in _EDGE_CONFIDENCE)
    return f"""
        WITH form AS (
            SELECT f.* FROM live_form f JOIN several s USING (part) WHERE NOT s.communal),
        resident AS (
            SELECT i.part, i.person_id, i.follows, i.birth, i.adult, lower(n.last_name) AS last_name
            FROM inside i JOIN several s USING (part)
            LEFT JOIN {schema}.person_identity n USING (person_id) WHERE NOT s.communal),
        seen AS (
            SELECT part, person_id, list(DISTINCT source) AS sources FROM form GROUP BY ALL),
        named AS (
            SELECT * FROM resident LEFT JOIN seen USING (part, person_id)
            WHERE last_name IS NOT NULL)
        SELECT part, a, b, max(CASE kind {sure} END)::DOUBLE AS confidence FROM (
            SELECT l.part, l.person_id AS a, r.person_id AS b, l.source AS kind
            FROM form l JOIN form r USING (part, form)
            WHERE l.person_id < r.person_id AND l.source IN ({kinds})
            UNION ALL
            SELECT part, least(person_id, follows), greatest(person_id, follows), 'follows'
            FROM resident WHERE follows IS NOT NULL
            UNION ALL
            SELECT l.part, l.person_id, r.person_id, 'surname'
            FROM named l JOIN named r USING (part, last_name)
            WHERE l.person_id < r.person_id
              AND len(list_intersect(l.sources, r.sources)) >= 2
            UNION ALL
            SELECT c.part, least(c.person_id, a.person_id), greatest(c.person_id, a.person_id),
                   'child'
            FROM named c JOIN named a USING (part, last_name)
            WHERE NOT c.adult AND a.adult AND c.birth - a.birth >= {_PARENT_MONTHS})
        GROUP BY part, a, b ORDER BY part, a, b"""


def _split(con: duckdb.DuckDBPyConnection, schema: str) -> pl.DataFrame:
    """Residents of homes with several households: part, person_id, together, nth, sure.

    ``together`` is the person with the smallest id of those who belong together, and ``nth`` which
    of them they are, from 1.
    """
    nodes: pl.DataFrame = con.sql(
        """SELECT i.part, i.person_id,
                  EXISTS (SELECT 1 FROM live_form f WHERE f.part = i.part
                          AND f.person_id = i.person_id AND f.leads AND f.source <> 'welfare')
                  AS anchored
           FROM inside i JOIN several s USING (part) ORDER BY i.part, i.person_id"""
    ).pl()
    at = nodes.select("part", "person_id").with_row_index("node")
    edges: pl.DataFrame = con.sql(_edges_sql(schema)).pl()
    for side in ("a", "b"):
        edges = edges.join(
            at.rename({"person_id": side, "node": f"node_{side}"}), on=["part", side], how="inner"
        )
    joined = edges.select(
        pl.col("node_a").cast(pl.Int64()).alias("a"), pl.col("node_b").cast(pl.Int64()).alias("b")
    )
    labels = components(nodes.height, joined)
    by_group = (
        edges.with_columns(pl.Series("group", labels[joined["a"].to_numpy()]))
        .group_by("group")
        .agg(pl.col("confidence").mean().round(6).alias("mean_edge"))
    )
    alone = pl.when("anchored").then(_ALONE_WITH_ANCHOR).otherwise(_ALONE_WITHOUT)
    people = nodes["person_id"].to_numpy()
    return (
        nodes.with_columns(
            pl.Series("group", labels.astype(np.int64)),
            # Nodes lie in the order of their ids, so the first of a group has the smallest.
            pl.Series("together", people[labels] if len(labels) else people),
        )
        .join(by_group, on="group", how="left")
        .with_columns(
            pl.coalesce("mean_edge", alone).alias("sure"),
            pl.col("together").rank("dense").over("part").cast(pl.Int64()).alias("nth"),
        )
        .select("part", "person_id", "together", "nth", "sure")
    )
