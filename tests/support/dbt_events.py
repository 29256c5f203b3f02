"""What dbt did, by its own JSON log: it is written as things happen, survives a kill, and owes nothing to the package."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.warehouses import Row

ENVIRONMENT = {"DBT_LOG_FORMAT_FILE": "json", "DBT_LOG_LEVEL_FILE": "debug", "DBT_LOG_FILE_MAX_BYTES": "0"}
"""Makes every dbt write that log, also one that execlog starts."""
WELL = ("success", "pass")
KINDS = ("model", "seed", "snapshot", "test", "unit_test")


@dataclass
class Invocation:
    """One run of dbt. Nodes by unique_id, without hooks."""

    pid: int
    invocation_id: str
    command: str
    begun: bool = False
    """Whether on-run-start has ended."""
    ending: bool = False
    """Whether on-run-end has begun."""
    started: set[str] = field(default_factory=set)
    ended: dict[str, str] = field(default_factory=dict)
    """Statuses."""

    @property
    def ran(self) -> set[str]:
        return {node for node in self.started if self.ended.get(node) != "skipped"}

    @property
    def well(self) -> set[str]:
        return {node for node, status in self.ended.items() if status in WELL}

    @property
    def in_flight(self) -> set[str]:
        """What dbt had begun, and did not bring to a good end."""
        return self.ran - self.well


class DbtLog:
    """The log in a folder of its own (DBT_LOG_PATH), which may grow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = 0
        self._invocations: dict[str, Invocation] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {**ENVIRONMENT, "DBT_LOG_PATH": str(self.folder)}

    def invocations(self) -> list[Invocation]:
        """What is known of them by now, in the order in which they began."""
        file = self.folder / "dbt.log"
        if file.exists():
            with file.open("rb") as log:
                log.seek(self._place)
                read = log.read()
            whole = read[: read.rfind(b"\n") + 1]
            self._place += len(whole)
            for line in whole.splitlines():
                if line.startswith(b"{"):
                    self._take(json.loads(line))
        return list(self._invocations.values())

    def build(self) -> Invocation | None:
        """The invocation that runs nodes."""
        return next((one for one in self.invocations() if one.command == "build"), None)

    def _take(self, event: Row) -> None:
        info, data = event["info"], event["data"]
        if info["name"] == "MainReportArgs":
            words = data["args"]["invocation_command"].split()
            command = next((word for word in words if word in ("build", "ls", "run-operation")), "")
            self._invocations[info["invocation_id"]] = Invocation(info["pid"], info["invocation_id"], command)
        one = self._invocations.get(info["invocation_id"])
        node = data.get("node_info", {}).get("unique_id", "")
        if one is None or not node:
            return
        kind = node.partition(".")[0]
        if info["name"] == "LogHookEndLine" and "on-run-start" in node:
            one.begun = True
        elif info["name"] == "LogHookStartLine" and "on-run-end" in node:
            one.ending = True
        elif info["name"] == "NodeStart" and kind in KINDS:
            one.started.add(node)
        elif info["name"] == "NodeFinished" and kind in KINDS:
            one.ended[node] = data["node_info"]["node_status"]
