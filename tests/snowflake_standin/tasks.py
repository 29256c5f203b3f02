"""CREATE TASK, ALTER TASK … RESUME or SUSPEND, and EXECUTE TASK, which runs its statement at once. None runs by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .catalog import Catalog, Reader, missing
from .errors import not_emulated
from .tokens import significant_tokens, string_value

TASK = re.compile(r"\s*(create\s+(or\s+replace\s+)?|alter\s+|execute\s+)task\b", re.IGNORECASE)


@dataclass
class Task:
    options: dict[str, str]
    """By name, in upper case."""
    statement: str
    started: bool = False


def task_statement(sql: str, catalog: Catalog, database: str | None, schema: str | None) -> str | None:
    """Does what `sql` says; the statement to run where it is EXECUTE TASK."""
    reader = Reader(significant_tokens(sql))
    verb = reader.take().word
    reader.skip("OR", "REPLACE")
    reader.expect("TASK")
    name = reader.name(database, schema)
    if verb == "CREATE":
        catalog.tasks[name] = _created(sql, reader)
        return None
    if name not in catalog.tasks:
        raise missing("Task", name)
    if verb == "EXECUTE":
        return catalog.tasks[name].statement
    if reader.word not in ("RESUME", "SUSPEND"):
        raise not_emulated(f"ALTER TASK … {reader.word}")
    catalog.tasks[name].started = reader.word == "RESUME"
    return None


def _created(sql: str, reader: Reader) -> Task:
    options = {}
    while not reader.skip("AS"):
        option = reader.take().word
        reader.expect("=")
        value = reader.take()
        options[option] = string_value(value.text) if value.kind == "string" else value.text.upper()
    if "WAREHOUSE" not in options:
        raise not_emulated("a task without a warehouse")
    return Task(options, sql[reader.tokens[reader.at].start :].rstrip("; \n"))
