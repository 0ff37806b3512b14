"""Every way in which somebody could ask Dagster for the lists, for the tests of the gate."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
from click.testing import CliRunner

PARTITION = "2026-10|northmere"
LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
    ... on PipelineNotFoundError { message }
  }
}
"""


def dagster_home(folder: Path) -> Path:
    """A Dagster home whose launched runs execute at once, in the process that asks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dagster.yaml").write_text(
        "telemetry:\n  enabled: false\n"
        "run_coordinator:\n"
        "  module: dagster._core.run_coordinator\n"
        "  class: DefaultRunCoordinator\n"
        "run_launcher:\n"
        "  module: dagster._core.launcher.sync_in_memory_run_launcher\n"
        "  class: SyncInMemoryRunLauncher\n",
        encoding="utf-8",
    )
    return folder


def by_job(instance: dg.DagsterInstance) -> str:
    """The job, in process; returns what the failed step said, or nothing where it succeeded."""
    from pipelines.definitions import defs

    result = defs.resolve_job_def("publish_lists").execute_in_process(
        instance=instance, partition_key=PARTITION, raise_on_error=False
    )
    return "" if result.success else failure(instance, result.run_id)


def by_materialize(instance: dg.DagsterInstance) -> str:
    """``dg.materialize`` on the list asset alone."""
    from pipelines.defs.releases import referral_lists
    from pipelines.resources import AfloatHome

    result = dg.materialize(
        [referral_lists],
        selection=["referral_lists"],
        partition_key=PARTITION,
        resources={"home": AfloatHome()},
        instance=instance,
        raise_on_error=False,
    )
    return "" if result.success else failure(instance, result.run_id)


def by_cli(instance: dg.DagsterInstance) -> str:
    """``dagster asset materialize --select referral_lists``."""
    from dagster._cli.asset import asset_materialize_command

    done = CliRunner().invoke(
        asset_materialize_command,
        ["-m", "pipelines.definitions", "--select", "referral_lists", "--partition", PARTITION],
    )
    runs = instance.get_run_records(limit=1)
    return "" if done.exit_code == 0 else failure(instance, runs[0].dagster_run.run_id)


class Pages:
    """Dagster's web application, asked over its own HTTP interface."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        from dagster._core.workspace.context import WorkspaceProcessContext
        from dagster._core.workspace.load_target import ModuleTarget
        from dagster_webserver.app import create_app_from_workspace_process_context
        from starlette.testclient import TestClient

        self.instance = instance
        self.process = WorkspaceProcessContext(
            instance,
            ModuleTarget(
                module_name="pipelines.definitions",
                attribute=None,
                working_directory=str(Path.cwd()),
                location_name="pipelines.definitions",
            ),
        )
        self.process.__enter__()
        self.client = TestClient(create_app_from_workspace_process_context(self.process))

    def close(self) -> None:
        self.process.__exit__(None, None, None)

    def launch(self, *, with_checks: bool = True) -> str:
        """The mutation that the button sends; without its checks where a caller drops them."""
        params = {
            "selector": {
                "repositoryName": "__repository__",
                "repositoryLocationName": "pipelines.definitions",
                "pipelineName": "__ASSET_JOB",
                "assetSelection": [{"path": ["referral_lists"]}],
                **({} if with_checks else {"assetCheckSelection": []}),
            },
            "mode": "default",
            "runConfigData": "{}",
            "executionMetadata": {
                "tags": [
                    {"key": "dagster/partition", "value": PARTITION},
                    {"key": "dagster/partition/month", "value": "2026-10"},
                    {"key": "dagster/partition/place", "value": "northmere"},
                ]
            },
        }
        answer = self.client.post(
            "/graphql", json={"query": LAUNCH, "variables": {"params": params}}
        ).json()
        launched = answer["data"]["launchPipelineExecution"]
        if launched["__typename"] != "LaunchRunSuccess":
            return json.dumps(launched)
        run_id = launched["run"]["runId"]
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return "" if run.is_success else failure(self.instance, run_id)


def failure(instance: dg.DagsterInstance, run_id: str) -> str:
    """What the failed step of a run told the person who asked."""
    said = []
    for entry in instance.all_logs(run_id):
        event = entry.dagster_event
        if event is not None and event.is_step_failure:
            told = event.step_failure_data.user_failure_data
            error = event.step_failure_data.error
            said.append((told and told.description) or (error.message if error else ""))
    return " ".join(said) or "the run failed without a step that said why"
