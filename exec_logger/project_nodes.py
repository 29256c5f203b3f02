"""The nodes of a dbt project as `dbt ls` lists them, and the selectors that name exactly some of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from exec_logger.errors import ExecLogError

PLAIN = re.compile(r"[\w-]+")
PLAIN_NOT = re.compile(r"[^\w-]")
"""What dbt takes apart in a selector (spaces, commas, `+`, `@`) or expands."""
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

    @property
    def package(self) -> str:
        return self.unique_id.split(".")[1]

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


@dataclass(frozen=True)
class Selection:
    """What to give to dbt's --select and --exclude, with `--indirect-selection empty`."""

    select: tuple[str, ...]
    exclude: tuple[str, ...] = ()


def selection(project: Sequence[ProjectNode], wanted: Collection[str], command: str) -> Selection:
    """Names exactly the wanted nodes, in as few selectors as it takes (dbt compares each with every node).
    Raises ExecLogError for what the command does not run, and for nodes that no selector can tell apart."""
    relevant = [node for node in project if runs_under(command, node)]
    kinds = {node.unique_id: node.resource_type for node in relevant}
    missing = sorted(set(wanted) - set(kinds))
    if missing:
        raise ExecLogError(f"dbt {command} does not run {', '.join(missing)}. Check the project with `dbt ls`.")
    select = _selectors(relevant, frozenset(wanted))
    types = {kinds[unique_id] for unique_id in wanted}
    of_types = [node for node in relevant if node.resource_type in types]
    exclude = _selectors(of_types, frozenset(node.unique_id for node in of_types) - set(wanted))
    if len(types) + len(exclude) < len(select):
        return Selection(tuple(f"resource_type:{kind}" for kind in sorted(types)), exclude)
    return Selection(select)


def _selectors(nodes: Sequence[ProjectNode], wanted: frozenset[str]) -> tuple[str, ...]:
    """`fqn:` matches what begins so: a folder of which everything is wanted becomes one selector."""
    plain, alike = PlainSelectors(nodes), _by_length(nodes)
    found: list[str] = []
    covered: set[str] = set()
    for node in nodes:
        if node.unique_id in wanted and node.unique_id not in covered:
            begin = plain.shortest(node, wanted)
            found.append("fqn:" + ".".join(begin) if begin else _exact(node, alike, wanted))
            covered |= plain.matched(begin) if begin else {node.unique_id}
    return tuple(found)


class PlainSelectors:
    """What `fqn:` selectors without wildcards match (dbt: graph/selector_methods.py, is_selected_node)."""

    def __init__(self, nodes: Iterable[ProjectNode]) -> None:
        self._beginnings: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._versions: dict[str, set[str]] = defaultdict(set)
        for node in nodes:
            for fqn in (node.fqn, node.fqn[1:]):  # the package may be left out
                parts = _flat(fqn)
                for end in range(1, len(parts) + 1):
                    self._beginnings[parts[:end]].add(node.unique_id)
            # a name matches wherever it stands, and of a version `name.v1` and `name_v1`, too
            name = node.fqn[-1 if node.version is None else -2]
            self._beginnings[_flat([name])].add(node.unique_id)
            if node.version is not None:
                self._versions["_".join(node.fqn[-2:])].add(node.unique_id)

    def matched(self, begin: tuple[str, ...]) -> set[str]:
        return self._beginnings[begin] | self._versions.get("_".join(begin[-2:]), set())

    def shortest(self, node: ProjectNode, wanted: frozenset[str]) -> tuple[str, ...] | None:
        """The shortest beginning of the node's fqn that names nothing but wanted nodes."""
        parts = _flat(node.fqn)
        for end in range(1, len(parts) + 1):
            begin = parts[:end]
            if not PLAIN.fullmatch("".join(begin)):
                return None
            if self._beginnings[begin] <= wanted and self._versions.get("_".join(begin[-2:]), set()) <= wanted:
                return begin
        return None


def _exact(node: ProjectNode, alike: Mapping[int, Sequence[ProjectNode]], wanted: frozenset[str]) -> str:
    """A selector with a wildcard in its last part: dbt then compares the whole rest, so that nothing beneath matches.
    `alike`: see _by_length()."""
    flat = _flat(node.fqn)
    *folders, last = [PLAIN_NOT.sub("[!0-9A-Za-z_]", part) for part in flat]
    pattern = ".".join([*folders, last if last.endswith("]") else f"{last[:-1]}[{last[-1]}]"])
    matched = [other for other in alike[len(".".join(flat))] if _matches(pattern, other)]
    same_type = [other for other in matched if other.resource_type == node.resource_type]
    same_package = [other for other in same_type if other.fqn[0] == node.fqn[0]]
    narrower = f"resource_type:{node.resource_type},"
    for others, prefix in (
        (matched, ""),
        (same_type, narrower),
        (same_package, f"{narrower}package:{node.fqn[0]},"),
    ):
        if all(other.unique_id in wanted for other in others):
            return f"{prefix}fqn:{pattern}"
    raise ExecLogError(f"{node.unique_id} and another node cannot be told apart by a dbt selector. Rename one of them.")


def _by_length(nodes: Iterable[ProjectNode]) -> dict[int, list[ProjectNode]]:
    """Nodes by the length of their fqn, with and without the package: every wildcard of ours stands for one character."""
    found: dict[int, list[ProjectNode]] = defaultdict(list)
    for node in nodes:
        for fqn in (node.fqn, node.fqn[1:]):
            found[len(".".join(fqn))].append(node)
    return found


def _matches(pattern: str, node: ProjectNode) -> bool:
    """Whether `fqn:` with a wildcard in it matches (dbt: is_selected_node)."""
    wildcards = pattern.split(".")
    first = next(i for i, part in enumerate(wildcards) if "[" in part)
    return any(
        len(parts) >= len(wildcards)
        and list(parts[:first]) == wildcards[:first]
        and fnmatch(".".join(parts[first:]), ".".join(wildcards[first:]))
        for parts in (_flat(node.fqn), _flat(node.fqn[1:]))
    )


def _flat(fqn: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for segment in fqn for part in segment.split("."))
