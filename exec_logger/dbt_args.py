"""A dbt command line, as far as execlog has to understand it: what dbt's own parser makes of it, nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from exec_logger.errors import ExecLogError, Exit

COMMANDS = ("build", "run", "seed", "snapshot", "test")
"""Those that the log writes and a restart can take up."""

SHORT = {
    "-s": "--select",
    "-m": "--select",
    "-t": "--target",
    "-f": "--full-refresh",
    "-x": "--fail-fast",
    "-r": "--record-timing-info",
}
SAME = {
    "--models": "--select",
    "--model": "--select",
    "--resource-types": "--resource-type",
    "--exclude-resource-types": "--exclude-resource-type",
}
MANY_VALUES = {"--select", "--exclude", "--resource-type", "--exclude-resource-type"}
ONE_VALUE = {
    "--defer-state", "--event-time-end", "--event-time-start", "--indirect-selection",
    "--log-file-max-bytes", "--log-format", "--log-format-file", "--log-level", "--log-level-file", "--log-path",
    "--partial-parse-file-path", "--printer-width", "--profile", "--profiles-dir", "--project-dir", "--record-timing-info",
    "--sample", "--selector", "--state", "--target", "--target-path", "--threads", "--vars",
    "--warn-error-options",
}  # fmt: skip
SELECTION = ("--select", "--exclude", "--selector")
RESOURCE_TYPES = ("--resource-type", "--exclude-resource-type")
NAMING = (*SELECTION, *RESOURCE_TYPES, "--empty", "--sample")
"""Options that make another job of a command."""


@dataclass(frozen=True)
class Option:
    name: str
    """Its long name."""
    values: tuple[str, ...]

    def argv(self) -> list[str]:
        return [self.name, *self.values]


@dataclass(frozen=True)
class DbtArgs:
    """`dbt COMMAND OPTIONS`, taken apart; argv() puts it together again."""

    command: str
    options: tuple[Option, ...] = field(default=())

    def argv(self) -> list[str]:
        return [self.command, *(text for option in self.options for text in option.argv())]

    def values(self, name: str) -> list[str]:
        """All values of an option, in order; dbt splits those of a selection at spaces."""
        found = [value for option in self.options if option.name == name for value in option.values]
        return [part for value in found for part in value.split(" ")] if name in MANY_VALUES else found

    def last(self, name: str) -> str | None:
        """The value that counts where dbt takes only one."""
        values = self.values(name)
        return values[-1] if values else None

    def has(self, name: str) -> bool:
        return any(option.name == name for option in self.options)

    def without(self, *names: str) -> DbtArgs:
        return DbtArgs(self.command, tuple(option for option in self.options if option.name not in names))

    def adding(self, name: str, *values: str) -> DbtArgs:
        return DbtArgs(self.command, (*self.options, Option(name, values)))

    @property
    def selects(self) -> bool:
        return any(self.has(name) for name in SELECTION)

    @property
    def vars(self) -> dict[str, Any]:
        return parse_mapping(self.last("--vars"), "--vars")

    @property
    def job_name(self) -> str:
        """The name that the package's job_config() derives for this command."""
        words = [self.command]
        for name in NAMING:
            if self.has(name):
                words += [name, *(() if name == "--sample" else self.values(name))]
        return bounded_id(" ".join(words))


def bounded_id(name: str) -> str:
    """A name as the log stores it: longer than 500 characters it is cut and ends in a hash."""
    return name if len(name) <= 500 else f"{name[:467]}_{md5(name.encode(), usedforsecurity=False).hexdigest()}"


def parse(argv: Sequence[str]) -> DbtArgs:
    """Takes a command line apart; a leading `dbt` is dropped, no command means `build`.

    Raises ExecLogError (usage) for a command that the log does not write.
    """
    words = list(argv[1:] if argv and argv[0] == "dbt" else argv)
    command = None
    options: list[Option] = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            if command is not None or word not in COMMANDS:
                raise ExecLogError(
                    f"execlog cannot restart `dbt {word}`. Give one of {', '.join(COMMANDS)} with its options after `--`."
                    if command is None
                    else f"`{word}` belongs to no option of `dbt {command}`. Check the command after `--`.",
                    Exit.USAGE,
                )
            command = word
            continue
        options.append(_option(word, words, command))
    return DbtArgs(command or "build", tuple(options))


def _option(word: str, words: list[str], command: str | None) -> Option:
    """The option at `word` with its values, which are taken from the front of `words`."""
    if not word.startswith("--") and len(word) > 2 and word[:2] in ("-s", "-m", "-t"):
        words.insert(0, word[2:])
        word = word[:2]
    name, equals, value = word.partition("=")
    name = SHORT.get(name, SAME.get(name, name))
    values = [value] if equals else []
    if name in ONE_VALUE:
        if not equals:
            if not words:
                raise ExecLogError(f"dbt's option {name} needs a value. Check the command after `--`.", Exit.USAGE)
            values = [words.pop(0)]
    elif name in MANY_VALUES or command is not None:
        # an option that is not known here may have values, too
        while words and not words[0].startswith("-"):
            values.append(words.pop(0))
    return Option(name, tuple(values))


def parse_mapping(text: str | None, option: str) -> dict[str, Any]:
    """What dbt makes of an option that is a YAML mapping. Raises ExecLogError (usage) without showing the text."""
    if text is None:
        return {}
    import yaml

    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        found = text
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ExecLogError(f"{option} is not a YAML mapping. Write it as {option} '{{name: value}}'.", Exit.USAGE)
    return {str(name): value for name, value in found.items()}


def stored_args(config: Mapping[str, Any]) -> DbtArgs:
    """The command of a job from its PROCESS_CONFIG_OBJ: subcommand, selection, and the options in `args`.

    Raises ExecLogError where the log did not keep the whole selection.
    """
    args = DbtArgs(str(config.get("command") or "build"))
    for name in SELECTION:
        given = config.get(name.lstrip("-")) or []
        values = [given] if isinstance(given, str) else [str(value) for value in given]
        if values and values[-1].startswith("… ["):
            raise ExecLogError(
                f"the log did not keep the whole {name} of that job. Give its command: execlog restart -- {args.command} …"
            )
        if values:
            args = args.adding(name, *values)
    for name, value in (config.get("args") or {}).items():
        option = "--" + name.replace("_", "-")
        values = [] if value is True else [str(one) for one in value] if isinstance(value, list) else [str(value)]
        args = args.adding(SAME.get(option, option), *values)
    return args


def without_hidden(stored: Mapping[str, Any], given: Mapping[str, Any], hidden: Sequence[str]) -> dict[str, Any]:
    """Stored vars, the given ones over them. Raises ExecLogError where one is still unknown because it was not stored."""
    merged = {**stored, **given}
    known = {key for key, value in _items(merged) if value != "***"}
    missing = sorted({name for name in hidden if name not in known} | {key for key, value in _items(merged) if value == "***"})
    if missing:
        example = json.dumps(dict.fromkeys(missing, "…"), ensure_ascii=False)
        raise ExecLogError(
            f"the last run had vars whose values are not stored: {', '.join(missing)}. "
            f"Give them: execlog restart -- COMMAND --vars '{example}'."
        )
    return merged


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key), item
            yield from _items(item)
    elif isinstance(value, list):
        for item in value:
            yield from _items(item)
