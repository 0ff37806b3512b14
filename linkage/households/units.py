"""Who of those at one home are one household.

Most homes hold one. Where a home shows signs of several, its residents are split by what they stand
on together: a claim, a tenancy, a council tax account, a homelessness case, or a surname in several
sources. Everything here is about one snapshot; ids over time come later.
"""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from linkage.engine.clusters import components

MANY_RESIDENTS = 10
LEAST_EDGE_CONFIDENCE = 0.6
_EDGE_CONFIDENCE = {
    "uc": 0.95,
    "shbe": 0.95,
    "rent": 0.90,
    "hclic": 0.90,
    "ctax": 0.85,
    "follows": 0.90,
    "surname": 0.70,
}
# A person alone in a shared home is a household of one if they hold something in their own name.
_ALONE_WITH_ANCHOR = 0.90
_ALONE_WITHOUT = 0.50


def form_units(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Make the temporary tables ``unit(k, person_id, unit)`` and ``unit_kind(k, unit, hh_kind)``.

    Args:
        con: Warehouse with the tables of :func:`linkage.households.residency.resolve_residency`.
        schema: The month's schema, with ``person_identity``.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE live_form AS {_live_forms_sql()}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE several AS {_several_sql(schema)}")
    split = _split(con, schema)
    con.register("split_rows", split.to_arrow())
    con.execute(f"CREATE OR REPLACE TEMP TABLE unit AS {_units_sql()}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE unit_kind AS {_kinds_sql()}")
    con.unregister("split_rows")


def _live_forms_sql() -> str:
    """Which residents stand on which live form at the home where they live."""
    return """
        SELECT DISTINCT r.k, r.uprn, p.form, p.source, r.person_id,
               p.part = 'LEAD' AS leads, p.part = 'CHILD' AS child
        FROM resident r JOIN present p ON p.k = r.k AND p.person_id = r.person_id
        WHERE r.uprn IS NOT NULL AND (p.uprn = r.uprn OR p.uprn IS NULL)"""


def _several_sql(schema: str) -> str:
    """Homes that show signs of several households at a snapshot, and why."""
    return f"""
        WITH home AS (
            SELECT k, uprn, count(*) AS residents FROM resident WHERE uprn IS NOT NULL
            GROUP BY k, uprn),
        held AS (
            SELECT k, uprn, count(DISTINCT form) FILTER (WHERE source = 'ctax') AS accounts,
                   count(DISTINCT form) FILTER (WHERE source = 'rent') AS tenancies
            FROM live_form GROUP BY k, uprn),
        claim AS (
            SELECT DISTINCT f.k, f.uprn, f.form, lower(i.last_name) AS last_name
            FROM live_form f LEFT JOIN {schema}.person_identity i USING (person_id)
            WHERE f.source IN ('uc', 'shbe') AND NOT f.child),
        kin AS (
            SELECT DISTINCT l.k, l.uprn, l.form AS one, r.form AS other FROM claim l
            JOIN claim r USING (k, uprn)
            WHERE l.form < r.form AND l.last_name = r.last_name
            UNION
            SELECT DISTINCT a.k, a.uprn, a.form, d.form
            FROM live_form a JOIN live_form b USING (k, uprn, person_id)
            JOIN live_form c ON c.k = b.k AND c.uprn = b.uprn AND c.form = b.form
            JOIN live_form d ON d.k = c.k AND d.uprn = c.uprn AND d.person_id = c.person_id
            WHERE a.source IN ('uc', 'shbe') AND d.source IN ('uc', 'shbe') AND a.form < d.form),
        strangers AS (
            SELECT DISTINCT l.k, l.uprn FROM claim l JOIN claim r USING (k, uprn)
            LEFT JOIN kin n ON n.k = l.k AND n.uprn = l.uprn AND n.one = l.form
                           AND n.other = r.form
            WHERE l.form < r.form AND n.one IS NULL)
        SELECT h.k, h.uprn, coalesce(p.communal, false) AS communal
        FROM home h
        LEFT JOIN held USING (k, uprn)
        LEFT JOIN home_at p USING (k, uprn)
        LEFT JOIN strangers g USING (k, uprn)
        WHERE h.residents > 1 AND (
            coalesce(p.communal, false) OR coalesce(p.shared_house, false)
            OR coalesce(p.shell, false) OR held.accounts >= 2 OR held.tenancies >= 2
            OR g.k IS NOT NULL OR h.residents >= {MANY_RESIDENTS})"""


def _edges_sql(schema: str) -> str:
    """Pairs of residents of such a home who belong together, with how sure that is."""
    sure = " ".join(f"WHEN '{kind}' THEN {value}" for kind, value in _EDGE_CONFIDENCE.items())
    return f"""
        WITH inside AS (
            SELECT f.* FROM live_form f JOIN several s USING (k, uprn) WHERE NOT s.communal),
        seen AS (
            SELECT k, uprn, person_id, list(DISTINCT source) AS sources FROM inside GROUP BY ALL),
        named AS (
            SELECT n.*, lower(i.last_name) AS last_name
            FROM seen n JOIN {schema}.person_identity i USING (person_id)
            WHERE i.last_name IS NOT NULL)
        SELECT k, a, b, max(CASE kind {sure} END)::DOUBLE AS confidence FROM (
            SELECT l.k, l.person_id AS a, r.person_id AS b, l.source AS kind
            FROM inside l JOIN inside r USING (k, uprn, form) WHERE l.person_id < r.person_id
            UNION ALL
            SELECT r.k, least(r.person_id, r.follows), greatest(r.person_id, r.follows), 'follows'
            FROM resident r JOIN several s USING (k, uprn)
            WHERE r.follows IS NOT NULL AND NOT s.communal
            UNION ALL
            SELECT l.k, l.person_id, r.person_id, 'surname'
            FROM named l JOIN named r USING (k, uprn, last_name)
            WHERE l.person_id < r.person_id
              AND len(list_intersect(l.sources, r.sources)) >= 2)
        GROUP BY k, a, b ORDER BY k, a, b"""


def _split(con: duckdb.DuckDBPyConnection, schema: str) -> pl.DataFrame:
    """Residents of homes with several households: k, person_id, part (a person of it), sure."""
    nodes: pl.DataFrame = con.sql(
        """SELECT r.k, r.uprn, r.person_id, s.communal,
                  EXISTS (SELECT 1 FROM live_form f WHERE f.k = r.k AND f.person_id = r.person_id
                          AND f.leads AND f.source <> 'welfare') AS anchored
           FROM resident r JOIN several s USING (k, uprn) ORDER BY r.k, r.person_id"""
    ).pl()
    at = nodes.select("k", "person_id").with_row_index("node")
    edges: pl.DataFrame = con.sql(_edges_sql(schema)).pl()
    for side in ("a", "b"):
        edges = edges.join(
            at.rename({"person_id": side, "node": f"node_{side}"}), on=["k", side], how="inner"
        )
    joined = edges.select(
        pl.col("node_a").cast(pl.Int64()).alias("a"), pl.col("node_b").cast(pl.Int64()).alias("b")
    )
    labels = components(nodes.height, joined)
    by_part = (
        edges.with_columns(pl.Series("part", labels[joined["a"].to_numpy()]))
        .group_by("part")
        .agg(pl.col("confidence").mean().alias("mean_edge"))
    )
    alone = pl.when("anchored").then(_ALONE_WITH_ANCHOR).otherwise(_ALONE_WITHOUT)
    return (
        nodes.with_columns(pl.Series("part", labels.astype(np.int64)))
        .join(by_part, on="part", how="left")
        .with_columns(pl.coalesce("mean_edge", alone).alias("sure"))
        .select("k", "person_id", "communal", "part", "sure")
    )


def _units_sql() -> str:
    """``unit`` names a household inside its snapshot: by its home, its split part or its form."""
    return """
        WITH nowhere AS (
            SELECT r.k, r.person_id, min(p.form) AS form
            FROM resident r LEFT JOIN present p
              ON p.k = r.k AND p.person_id = r.person_id AND p.uprn IS NULL
            WHERE r.uprn IS NULL GROUP BY r.k, r.person_id)
        SELECT r.k, r.person_id, r.uprn, 'home' || r.uprn AS unit
        FROM resident r ANTI JOIN split_rows s ON s.k = r.k AND s.person_id = r.person_id
        WHERE r.uprn IS NOT NULL
        UNION ALL
        SELECT r.k, r.person_id, r.uprn, 'part' || s.part
        FROM resident r JOIN split_rows s USING (k, person_id)
        UNION ALL
        SELECT k, person_id, NULL, 'form' || form FROM nowhere"""


def _kinds_sql() -> str:
    return f"""
        SELECT u.k, u.unit, any_value(u.uprn) AS uprn,
               CASE WHEN any_value(u.uprn) IS NULL THEN 'NO_FIXED_ABODE'
                    WHEN coalesce(bool_or(h.communal), false) THEN 'COMMUNAL'
                    WHEN min(s.sure) < {LEAST_EDGE_CONFIDENCE} THEN 'MULTI_HOUSEHOLD_UNRESOLVED'
                    ELSE 'HOUSEHOLD' END AS hh_kind
        FROM unit u LEFT JOIN split_rows s USING (k, person_id)
        LEFT JOIN home_at h ON h.k = u.k AND h.uprn = u.uprn
        GROUP BY u.k, u.unit"""
