"""Jinja in dbt's YAML files, as dbt renders it: env_var(), var(), and the filters that make numbers and booleans of text."""

from __future__ import annotations

import json
from ast import literal_eval
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from exec_logger.environment import environment
from exec_logger.errors import ExecLogError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


NO_DEFAULT = object()


class Renderer:
    """Renders what one file holds. No error names a value: it may be a secret."""

    def __init__(self, source: str, variables: Mapping[str, Any], **context: Any) -> None:
        self._source = source
        self._variables = variables
        functions = {"env_var": self._env_var, "var": self._var, "fromjson": json.loads, "tojson": json.dumps}
        self._context = {**functions, **context}

    def render(self, value: Any, name: str) -> Any:
        """`value`, a tree of mappings, lists and scalars, with all its text rendered; `name` is what errors call it."""
        if isinstance(value, Mapping):
            return {key: self.render(item, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.render(item, name) for item in value]
        return self._render(value, name) if isinstance(value, str) and "{" in value else value

    def _render(self, text: str, name: str) -> Any:
        import jinja2

        try:
            template = _jinja().from_string(text)
            return _value(list(template.root_render_func(template.new_context(self._context))))
        except ExecLogError:
            raise
        except (jinja2.TemplateSyntaxError, jinja2.UndefinedError) as error:
            # a password may look like Jinja: dbt then takes it as it stands
            if name in ("password", "pass"):
                return text
            what = str(error.message) if isinstance(error, jinja2.UndefinedError) else "its Jinja is not valid"
            raise self._problem(name, what) from error
        except _Unfit as error:
            raise self._problem(name, str(error)) from error
        except Exception as error:
            raise self._problem(name, f"its Jinja raises {type(error).__name__}") from error

    def _problem(self, name: str, what: str) -> ExecLogError:
        return ExecLogError(f"cannot read `{name}` in {self._source}: {what}. Mend it.")

    def _env_var(self, name: str, default: Any = None) -> Any:
        value = environment().get(name, default)
        if value is None:
            raise ExecLogError(f"the environment variable {name} is not set, and {self._source} needs it. Set it.")
        return value

    def _var(self, name: str, default: Any = NO_DEFAULT) -> Any:
        value = self._variables.get(name, default)
        if value is NO_DEFAULT:
            raise ExecLogError(f"the variable {name} is not set, and {self._source} needs it. Give it with --vars.")
        return self.render(value, name)


class _Native(str):
    """Text that becomes the Python value that it spells."""


class _Bool(_Native):
    pass


class _Number(_Native):
    pass


class _Unfit(Exception):
    """A value is not of the type that its filter names."""


@cache
def _jinja() -> SandboxedEnvironment:
    import jinja2
    from jinja2.nativetypes import NativeCodeGenerator
    from jinja2.sandbox import SandboxedEnvironment

    class Native(SandboxedEnvironment):
        code_generator_class = NativeCodeGenerator

    jinja = Native(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])
    jinja.filters.update(as_text=str, as_bool=_Bool, as_number=_Number, as_native=_Native)
    return jinja


def _value(nodes: list[Any]) -> Any:
    """What a template gives: text, but a single expression keeps its type (dbt_common.clients.jinja.quoted_native_concat)."""
    if len(nodes) != 1 or isinstance(nodes[0], _jinja().undefined):
        return "".join(str(node) for node in nodes)  # raises where one is undefined
    (node,) = nodes
    if not isinstance(node, _Native):
        return node
    try:
        value = literal_eval(node)
    except (ValueError, SyntaxError, MemoryError):
        value = str(node)
    if isinstance(node, _Bool) and not isinstance(value, bool):
        raise _Unfit("it is neither True nor False")
    if isinstance(node, _Number) and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise _Unfit("it is not a number")
    return value
