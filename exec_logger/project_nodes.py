"""The nodes of a dbt project as `dbt ls` lists them, and the selectors that name exactly some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exec_logger.errors import ExecLogError

KINDS = {
    "run": ("model",),
    "seed": ("seed",),
    "snapshot": ("snapshot",),
    "test": ("test", "unit_test"),
    "build": ("model", "seed", "snapshot", "test", "unit_test", "function"),
}
"""dbt's commands and the resource types that each runs."""


@dataclass(frozen=True)
class ProjectNode:
    unique_id: str
    resource_type: str
    name: str
    fqn: tuple[str, ...]
    parents: tuple[str, ...]
    ephemeral: bool = False
    version: str | None = None

    @classmethod
    def from_json(cls, listed: Mapping[str, Any]) -> ProjectNode:
        """From a line of `dbt ls --output json`."""
        depends_on = listed.get("depends_on") or {}
        tested = listed.get("tested_node_unique_id")
        version = listed.get("version")
        return cls(
            unique_id=listed["unique_id"],
            resource_type=listed["resource_type"],
            name=listed["name"],
            fqn=tuple(str(part) for part in listed.get("fqn") or ()),
            parents=(tested,) if tested else tuple(depends_on.get("nodes") or ()),
            ephemeral=(listed.get("config") or {}).get("materialized") == "ephemeral",
            version=None if version is None else str(version),
        )


def runs_under(command: str, node: ProjectNode) -> bool:
    """Whether dbt has a result for the node under this command."""
    return node.resource_type in KINDS[command] and not node.ephemeral


def descendants(project: Sequence[ProjectNode], of: Iterable[str]) -> list[str]:
    """What depends on any of these, directly or not; without themselves, nearest first."""
    children: dict[str, list[str]] = defaultdict(list)
    for node in project:
        for parent in node.parents:
            children[parent].append(node.unique_id)
    start = list(of)
    found = dict.fromkeys(start)
    open_ = list(start)
    for unique_id in open_:
        for child in children[unique_id]:
            if child not in found:
                found[child] = None
                open_.append(child)
    return open_[len(start) :]


def selectors(project: Sequence[ProjectNode], wanted: Collection[str], command: str) -> list[str]:
    """Selectors for dbt's --select, as few as it takes, that name exactly the wanted nodes, under this command and with
    `--indirect-selection empty`. `fqn:` matches what begins so (dbt: graph/selector_methods.py, is_selected_node): a folder of
    which everything is wanted becomes one selector. Raises ExecLogError for what the command does not run.
    """
    relevant = [node for node in project if runs_under(command, node)]
    wanted = frozenset(wanted)
    missing = wanted - {node.unique_id for node in relevant}
    if missing:
        raise ExecLogError(f"dbt {command} does not run {', '.join(sorted(missing))}. Check the project with `dbt ls`.")
    matched = _matches(relevant)
    found: dict[str, None] = {}
    for node in relevant:
        if node.unique_id in wanted:
            found[_selector(node, matched, wanted)] = None
    return list(found)


def _matches(nodes: Sequence[ProjectNode]) -> dict[tuple[str, ...], set[str]]:
    """What each plain `fqn:` selector matches: nodes whose fqn, with or without its package, begins so."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for node in nodes:
        flat = _flat(node.fqn)
        unscoped = _flat(node.fqn[1:])
        for parts in (flat, unscoped):
            for end in range(1, len(parts) + 1):
                found[parts[:end]].add(node.unique_id)
        # the last part alone, and of a versioned model `name` and `….name.v1`, match wherever they stand
        found[(node.fqn[-1],)].add(node.unique_id)
        if node.version is not None:
            found[(node.fqn[-2],)].add(node.unique_id)
    return found


def _flat(fqn: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for segment in fqn for part in segment.split("."))


def _selector(node: ProjectNode, matched: Mapping[tuple[str, ...], set[str]], wanted: frozenset[str]) -> str:
    parts = _flat(node.fqn)
    for end in range(1, len(parts) + 1):
        if all(_is_plain(part) for part in parts[:end]) and matched[parts[:end]] <= wanted:
            return "fqn:" + ".".join(parts[:end])
    # a wildcard in the last part makes dbt compare the whole rest, so that nothing beneath matches
    exact = [*map(_escaped, parts[:-1]), _whole(parts[-1])]
    return f"resource_type:{node.resource_type},fqn:{'.'.join(exact)}"


def _is_plain(part: str) -> bool:
    return all(letter.isalnum() or letter in "_-" for letter in part)


def _escaped(part: str) -> str:
    """A part of a selector without what dbt takes apart (spaces, commas, `+`) or expands."""
    return "".join(letter if letter.isalnum() or letter in "_-" else "?" for letter in part)


def _whole(part: str) -> str:
    text = _escaped(part)
    return text if "?" in text else f"{text[:-1]}[{text[-1]}]"
