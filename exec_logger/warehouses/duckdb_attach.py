"""A log in a database that dbt-duckdb attaches (dbt.adapters.duckdb.credentials, Attachment and Secret)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exec_logger.place import duckdb_name
from exec_logger.profile import Target

Options = Mapping[str, Any]


def find_attachment(target: Target) -> Options | None:
    """The entry of `attach:` that holds the log; none where it is in the main database."""
    if target.log.database == duckdb_name(str(target.credentials["path"])):
        return None
    attachments: list[Options] = target.credentials.get("attach") or []
    return next((one for one in attachments if _name(one) == target.log.database), None)


def attach_sql(attachment: Options, *, read_only: bool) -> str:
    given = {**(attachment.get("options") or {}), **{name: attachment.get(name) for name in ("type", "secret", "read_only")}}
    given["read_only"] = read_only or given["read_only"]
    words = [_option(name, value) for name, value in given.items() if value not in (None, False)]
    options = f" ({', '.join(words)})" if words else ""
    return f"attach {_text(attachment['path'])} as {_quoted(_name(attachment))}{options}"


def secret_sql(secret: Options) -> str:
    """A secret of this session."""
    given = {name: value for name, value in secret.items() if name not in ("name", "persistent") and value is not None}
    words = ", ".join(f"{name} {_value(name, value)}" for name, value in given.items())
    return f"create or replace secret {_quoted(secret['name']) if secret.get('name') else '_execlog'} ({words})"


def _name(attachment: Options) -> str:
    return str(attachment.get("alias") or duckdb_name(str(attachment["path"])))


def _option(name: str, value: Any) -> str:
    if value is True:
        return name
    return f"{name} {value}" if name in ("type", "secret") or not isinstance(value, str) else f"{name} {_text(value)}"


def _value(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "map {" + ", ".join(f"{_text(key)}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "array [" + ", ".join(map(_text, value)) + "]"
    return str(value) if name in ("type", "provider") else _text(value)


def _text(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + str(name).replace('"', '""') + '"'
