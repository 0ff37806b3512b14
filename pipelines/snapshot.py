"""The asset graph as a page in docs, generated and compared.

``python -m pipelines.snapshot --check`` says whether ``docs/reference/assets.md`` is in step with
the code; ``--write`` brings it in step.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import dagster as dg

from contracts.pages import write_or_check
from contracts.workspace import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "assets.md"
GROUPS = ("extracts", "linkage", "features", "models", "fairness", "releases")


def assets_markdown() -> str:
    """The page: jobs, then each group's assets with what they need, own and check."""
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    checks: dict[str, list[tuple[str, bool, str]]] = {}
    for key in sorted(graph.asset_check_keys, key=str):
        spec = graph.get_check_spec(key)
        checks.setdefault(key.asset_key.to_user_string(), []).append(
            (spec.name, spec.blocking, spec.description or "")
        )
    return "\n".join([*_head(), *_jobs(defs), *_groups(graph, checks)]) + "\n"


def _head() -> Iterator[str]:
    yield "# Assets"
    yield ""
    yield "Made from the code by `make fix`; `make check` compares them. An asset is made for one"
    yield "month of one place."


def _jobs(defs: dg.Definitions) -> Iterator[str]:
    yield ""
    yield "| Job | What it does |"
    yield "|---|---|"
    for name in ("prepare_release", "publish_lists"):
        yield f"| `{name}` | {defs.resolve_job_def(name).description} |"


def _groups(graph: dg.AssetGraph, checks: dict[str, list[tuple[str, bool, str]]]) -> Iterator[str]:
    for group in GROUPS:
        yield ""
        yield f"## {group.capitalize()}"
        nodes = [
            graph.get(key)
            for key in graph.toposorted_asset_keys
            if graph.get(key).group_name == group
        ]
        for node in nodes:
            name = node.key.to_user_string()
            parents = ", ".join(f"`{p.to_user_string()}`" for p in sorted(node.parent_keys))
            yield ""
            yield f"### `{name}`"
            yield ""
            yield node.description or ""
            yield ""
            yield f"- needs: {parents or 'deliveries in the landing folder'}"
            yield f"- kinds: {', '.join(sorted(node.kinds))}"
            yield f"- owner: {', '.join(sorted(str(owner) for owner in node.owners))}"
            for check, blocking, says in checks.get(name, []):
                yield f"- check `{check}`{' (blocking)' if blocking else ''}: {says}"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check that it is as the definitions have it.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    return write_or_check(PAGE, assets_markdown, module="pipelines.snapshot", arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
