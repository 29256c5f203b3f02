"""The dbt project: where it is, and what its dbt_project.yml says of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exec_logger.errors import ExecLogError
from exec_logger.rendering import Renderer


@dataclass(frozen=True)
class Project:
    """dbt_project.yml, not rendered yet."""

    folder: Path
    content: Mapping[str, Any] = field(repr=False)

    @property
    def file(self) -> str:
        return str(self.folder / "dbt_project.yml")

    def text(self, key: str, variables: Mapping[str, Any]) -> str | None:
        """`name` or `profile`."""
        value = self.content.get(key)
        return None if value is None else str(Renderer(self.file, variables).render(value, key))

    def settings(self, variables: Mapping[str, Any], target: Mapping[str, Any]) -> dict[str, Any]:
        """The variables `execlog_…` by their short names, where they are set (macros/settings.sql)."""
        root = _mapping(self.content.get("vars"))
        own = _mapping(root.get(self.text("name", variables) or ""))
        found = {**root, **own, **_mapping(root.get("exec_logger")), **variables}
        renderer = Renderer(self.file, found, target=target)
        return {
            name.removeprefix("execlog_"): renderer.render(value, name)
            for name, value in found.items()
            if str(name).startswith("execlog_") and value is not None
        }

    def quoting(self, variables: Mapping[str, Any], target: Mapping[str, Any]) -> Mapping[str, Any]:
        return _mapping(Renderer(self.file, variables, target=target).render(self.content.get("quoting"), "quoting"))


def find_project(folder: Path | None) -> Project | None:
    """The project in `folder`, or else, as dbt looks for it, in the current folder or the nearest one above it."""
    here = Path.cwd()
    folders = [folder] if folder else [here, *here.parents]
    for candidate in folders:
        if (candidate / "dbt_project.yml").is_file():
            return Project(candidate.resolve(), read_yaml(candidate / "dbt_project.yml"))
    return None


def read_yaml(file: Path) -> dict[str, Any]:
    """A YAML file whose root is a mapping. Errors name a line, never what stands in it."""
    import yaml

    try:
        content = yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise ExecLogError(f"cannot read {file}: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise ExecLogError(f"{file} is not valid YAML{line}. Mend it.") from error
    if not isinstance(content, dict):
        raise ExecLogError(f"{file} holds no settings: its root has to be a mapping. Mend it.")
    return content


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
