"""Jinja in dbt's YAML files, as dbt renders it: env_var(), var(), and the filters that make numbers and booleans of text."""

from __future__ import annotations

import json
import os
from ast import literal_eval
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from exec_logger.errors import ExecLogError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


class _Native(str):
    """Text that becomes the Python value that it spells."""

    expected: tuple[type, ...] = ()


class _Bool(_Native):
    expected = (bool,)


class _Number(_Native):
    expected = (int, float)


class Renderer:
    """Renders what one file holds. No error names a value: it may be a secret."""

    def __init__(self, source: str, variables: Mapping[str, Any], **context: Any) -> None:
        self._source = source
        self._variables = variables
        self._context = {
            "env_var": self._env_var, "var": self._var, "fromjson": json.loads, "tojson": json.dumps, **context,
        }  # fmt: skip

    def render(self, value: Any, name: str) -> Any:
        """`value`, a tree of mappings, lists and scalars, with all its text rendered; `name` is what errors call it."""
        if isinstance(value, Mapping):
            return {key: self.render(item, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.render(item, name) for item in value]
        if not isinstance(value, str) or "{" not in value:
            return value
        return self._render(value, name)

    def _render(self, text: str, name: str) -> Any:
        import jinja2

        try:
            template = _environment().from_string(text)
            return _value(list(template.root_render_func(template.new_context(self._context))))
        except ExecLogError:
            raise
        except jinja2.TemplateSyntaxError as error:
            # a password may look like Jinja: dbt then takes it as it stands
            if name in ("password", "pass"):
                return text
            raise self._problem(name, "its Jinja is not valid") from error
        except jinja2.UndefinedError as error:
            raise self._problem(name, f"{error.message}") from error
        except Exception as error:
            raise self._problem(name, f"its Jinja raises {type(error).__name__}") from error

    def _problem(self, name: str, what: str) -> ExecLogError:
        return ExecLogError(f"cannot read `{name}` in {self._source}: {what}.")

    def _env_var(self, name: str, default: Any = None) -> Any:
        value = os.environ.get(name, default)
        if value is None:
            raise ExecLogError(f"the environment variable {name} is not set, and {self._source} needs it. Set it.")
        return value

    def _var(self, name: str, default: Any = None) -> Any:
        value = self._variables.get(name, default)
        if value is None:
            raise ExecLogError(f"the variable {name} is not set, and {self._source} needs it. Give it with --vars.")
        return value


@cache
def _environment() -> SandboxedEnvironment:
    import jinja2
    from jinja2.nativetypes import NativeCodeGenerator
    from jinja2.sandbox import SandboxedEnvironment

    class Environment(SandboxedEnvironment):
        code_generator_class = NativeCodeGenerator

    environment = Environment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])
    environment.filters.update(as_text=str, as_bool=_Bool, as_number=_Number, as_native=_Native)
    return environment


def _value(nodes: list[Any]) -> Any:
    """What a template gives: text, but a single expression keeps its type (dbt_common.clients.jinja.quoted_native_concat)."""
    if len(nodes) != 1:
        return "".join(str(node) for node in chain(nodes))
    (node,) = nodes
    if isinstance(node, _environment().undefined):
        str(node)  # raises
    if not isinstance(node, _Native):
        return node
    try:
        value = literal_eval(node)
    except (ValueError, SyntaxError, MemoryError):
        value = str(node)
    if node.expected and not (isinstance(value, node.expected) and isinstance(value, bool) == (node.expected == (bool,))):
        raise TypeError
    return value
