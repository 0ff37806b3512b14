"""No list without a passed audit and the board's decision, by any route.

Each state in which no list may exist is tried by every route by which somebody could ask for one.
Control: once approved, each of those routes gives the lists.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from afloat.cli import app
from contracts.errors import ReleaseRefused
from contracts.place import load_place, places_folder
from releases import approve, approve_latest, write_lists
from releases.decisions import Decision
from releases.manifest import SealedRelease
from releases.verify import ApprovedRelease
from tests.pipeline import routes
from tests.unit.releases.kit import BUILDER, CHAIR, MONTH, OFFICER, Kit

TODAY = datetime.now(tz=UTC).date()
State = Callable[[Kit], SealedRelease]


def audit_failed(kit: Kit) -> SealedRelease:
    release = kit.ready(audit="failed").seal()
    kit.force(release, CHAIR, decided_on=TODAY)
    kit.force(release, OFFICER, decided_on=TODAY)
    return release


def no_decision(kit: Kit) -> SealedRelease:
    return kit.ready().seal()


def one_decision(kit: Kit) -> SealedRelease:
    release = kit.ready().seal()
    kit.decide(release, CHAIR, decided_on=TODAY)
    return release


def same_person_twice(kit: Kit) -> SealedRelease:
    release = one_decision(kit)
    kit.force(release, CHAIR, decided_on=TODAY - timedelta(days=1))
    return release


def same_key_under_two_names(kit: Kit) -> SealedRelease:
    release = one_decision(kit)
    public = kit.board_folder / f"{CHAIR}.pem"
    (kit.board_folder / "second-name.pem").write_bytes(public.read_bytes())
    kit.force(release, "second-name", key=CHAIR, decided_on=TODAY)
    return release


def builder_decides(kit: Kit) -> SealedRelease:
    release = one_decision(kit)
    kit.keys[BUILDER] = kit.workspace.keys / "builder.key"
    kit.force(release, BUILDER, decided_on=TODAY)
    return release


def refused(kit: Kit) -> SealedRelease:
    release = approved(kit)
    kit.force(
        release, "resident-member", decided_on=TODAY, decision=Decision.REFUSE, reason="Not yet."
    )
    return release


def expired(kit: Kit) -> SealedRelease:
    release = kit.ready().seal()
    long_ago = date(2026, 11, 1)
    kit.force(release, CHAIR, decided_on=long_ago)
    kit.force(release, OFFICER, decided_on=long_ago)
    return release


def approved(kit: Kit) -> SealedRelease:
    release = one_decision(kit)
    kit.decide(release, OFFICER, decided_on=TODAY)
    return release


def one_byte(name: str) -> State:
    def changed(kit: Kit) -> SealedRelease:
        release = approved(kit)
        path = next(release.folder.glob(name))
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        kit.rewrite(path, bytes(content))
        return release

    return changed


STATES: dict[str, tuple[State, str]] = {
    "audit failed": (audit_failed, "audit of this release failed"),
    "no decision": (no_decision, "Nobody has decided"),
    "one decision": (one_decision, "Only 1 of the 2 approvals"),
    "same person twice": (same_person_twice, "decides once"),
    "same key under two names": (same_key_under_two_names, "same key"),
    "builder decides": (builder_decides, "may not decide"),
    "refused": (refused, "refused this release"),
    "expired": (expired, "expired on"),
    "one byte of the scores": (one_byte("scores.parquet"), "scores changed after sealing"),
    "one byte of the list": (one_byte("selection.parquet"), "list of households changed"),
    "one byte of the policy": (one_byte("policy.json"), "policy changed after sealing"),
    "one byte of a model": (one_byte("models/*/booster.txt"), "model file changed"),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Northmere with decisions that hold for three days, so that an old one can be shown."""
    folder = tmp_path_factory.mktemp("places")
    text = (places_folder() / "northmere" / "place.toml").read_text(encoding="utf-8")
    (folder / "northmere").mkdir()
    (folder / "northmere" / "place.toml").write_text(
        text.replace("[fairness]\n", "[fairness]\ndecision_valid_days = 3\n"), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory, places: Path) -> Iterator[Asked]:
    home = routes.dagster_home(tmp_path_factory.mktemp("dagster"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        patch.setenv("AFLOAT_PLACES", str(places))
        with dg.DagsterInstance.get() as instance:
            pages = routes.Pages(instance)
            yield Asked(instance, pages)
            pages.close()


class Asked:
    """Every route, each asked for the lists and answering what it was told."""

    def __init__(self, instance: dg.DagsterInstance, pages: routes.Pages) -> None:
        self.routes: dict[str, Callable[[Kit, SealedRelease], str]] = {
            "approve": by_approve,
            "approve_latest": by_approve_latest,
            "afloat list": by_command,
            "afloat verify": lambda kit, release: by_command(kit, release, verb="verify"),
            "job": lambda kit, release: routes.by_job(instance),
            "dg.materialize": lambda kit, release: routes.by_materialize(instance),
            "dagster asset materialize": lambda kit, release: routes.by_cli(instance),
            "pages": lambda kit, release: pages.launch(),
            "pages, checks dropped": lambda kit, release: pages.launch(with_checks=False),
        }


def by_approve(kit: Kit, release: SealedRelease) -> str:
    try:
        permit = approve(kit.workspace, place=kit.place, release_id=release.release_id, today=TODAY)
    except ReleaseRefused as refusal:
        return str(refusal)
    write_lists(permit, outbox=kit.workspace.outbox)
    return ""


def by_approve_latest(kit: Kit, release: SealedRelease) -> str:
    try:
        permit = approve_latest(kit.workspace, place=kit.place, month=MONTH, today=TODAY)
    except ReleaseRefused as refusal:
        return str(refusal)
    write_lists(permit, outbox=kit.workspace.outbox)
    return ""


def by_command(kit: Kit, release: SealedRelease, *, verb: str = "list") -> str:
    done = CliRunner().invoke(app, [verb, release.release_id, "--place", "northmere"])
    return "" if done.exit_code == 0 else str(done.exception)


@pytest.mark.parametrize("name", STATES)
def test_no_list_by_any_route(
    name: str, tmp_path: Path, dagster: Asked, places: Path, monkeypatch: pytest.MonkeyPatch
):
    state, says = STATES[name]
    kit = Kit(folder=tmp_path, place=load_place("northmere", places))
    monkeypatch.setenv("AFLOAT_HOME", str(kit.workspace.root))
    release = state(kit)
    for route, ask in dagster.routes.items():
        told = ask(kit, release)
        assert says in told, f"{route} said: {told!r}"
        assert not list(kit.workspace.outbox.glob("**/*")), route


def test_once_approved_every_route_gives_the_lists(
    tmp_path: Path, dagster: Asked, places: Path, monkeypatch: pytest.MonkeyPatch
):
    kit = Kit(folder=tmp_path, place=load_place("northmere", places))
    monkeypatch.setenv("AFLOAT_HOME", str(kit.workspace.root))
    release = approved(kit)
    made: list[dict[str, bytes]] = []
    for route, ask in dagster.routes.items():
        assert ask(kit, release) == "", route
        files = sorted(path for path in kit.workspace.outbox.glob("**/*") if path.is_file())
        if route == "afloat verify":
            continue
        assert files, route
        made.append({path.name: path.read_bytes() for path in files})
        for path in files:
            path.unlink()
        (kit.workspace.outbox / release.release_id).rmdir()
    assert all(each == made[0] for each in made), "the same release gives the same bytes"


@pytest.mark.parametrize("name", ["no decision", "audit failed"])
def test_the_functions_take_a_permit_and_nothing_else(name: str, tmp_path: Path, places: Path):
    kit = Kit(folder=tmp_path, place=load_place("northmere", places))
    release = STATES[name][0](kit)
    for forged in (release, release.folder, release.manifest, None, object(), "approved"):
        with pytest.raises((TypeError, ReleaseRefused)):
            write_lists(forged, outbox=kit.workspace.outbox)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError):
        ApprovedRelease()
    with pytest.raises((TypeError, ReleaseRefused)):
        write_lists(object.__new__(ApprovedRelease), outbox=kit.workspace.outbox)
    assert not list(kit.workspace.outbox.glob("**/*"))


def test_a_permit_cannot_be_copied_or_kept(tmp_path: Path, places: Path):
    kit = Kit(folder=tmp_path, place=load_place("northmere", places))
    release = approved(kit)
    permit = approve(kit.workspace, place=kit.place, release_id=release.release_id, today=TODAY)
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            copied(permit)
