"""Imports a warehouse's driver when it is needed, and says which package it comes with when it is not there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind


def driver(module: str, kind: Kind) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ExecLogError(f"{module} is not installed. Run `pip install 'exec-logger[{kind}]'`.") from error
