"""The dbt project: where it is, and what its dbt_project.yml says of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exec_logger.rendering import Renderer
from exec_logger.yaml_file import mapping, read_yaml


@dataclass(frozen=True)
class Project:
    """dbt_project.yml, rendered only where it is asked for; `variables` are those of the command line."""

    folder: Path
    variables: Mapping[str, Any] = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)

    @property
    def file(self) -> str:
        return str(self.folder / "dbt_project.yml")

    @property
    def name(self) -> str:
        return str(self._render("name") or "")

    @property
    def profile(self) -> str:
        return str(self._render("profile") or "")

    def quoting(self, target: Mapping[str, Any]) -> Mapping[str, Any]:
        return mapping(self._render("quoting", target=target))

    @property
    def flags(self) -> Mapping[str, Any]:
        return mapping(self._render("flags"))

    @property
    def packages_dir(self) -> Path:
        """Where `dbt deps` puts packages."""
        return self.folder / str(self._render("packages-install-path") or "dbt_packages")

    def settings(self, target: Mapping[str, Any], prefix: str = "execlog_", package: str = "exec_logger") -> dict[str, Any]:
        """A package's variables, where they are set, by their names without the prefix (macros/settings.sql)."""
        project = mapping(self.content.get("vars"))
        found = {**project, **mapping(project.get(self.name)), **self.variables}
        found = {**found, **mapping(found.get(package)), **self.variables}
        renderer = Renderer(self.file, found, target=target)
        return {
            str(name).removeprefix(prefix): renderer.render(value, str(name))
            for name, value in found.items()
            if str(name).startswith(prefix) and value is not None
        }

    def _render(self, key: str, **context: Any) -> Any:
        variables = {**mapping(self.content.get("vars")), **self.variables}
        return Renderer(self.file, variables, **context).render(self.content.get(key), key)


def find_project(folder: Path | None, variables: Mapping[str, Any]) -> Project | None:
    """The project in `folder`, or else, as dbt looks for it, in the current folder or the nearest one above it."""
    here = Path.cwd()
    candidates = [folder] if folder else [here, *here.parents]
    found = next((candidate for candidate in candidates if (candidate / "dbt_project.yml").is_file()), None)
    if found is None:
        return None
    content = read_yaml(found / "dbt_project.yml")
    if (found / "vars.yml").is_file():  # dbt ≥ 1.12; never in both files
        content.setdefault("vars", mapping(read_yaml(found / "vars.yml").get("vars")))
    return Project(found.resolve(), variables, content)
