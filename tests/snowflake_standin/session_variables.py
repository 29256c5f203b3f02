"""Session variables: `$name` is one only outside string literals, quoted identifiers and comments."""

from __future__ import annotations

from fakesnow.variables import Variables

from .errors import SqlError
from .tokens import tokens


class SessionVariables(Variables):  # type: ignore[misc]
    def inline_variables(self, sql: str) -> str:
        if "$" not in sql:
            return sql
        values = {name.upper(): value for name, value in self._variables.items()}
        parts = []
        for token in tokens(sql):
            if token.kind != "variable":
                parts.append(token.text)
                continue
            name = token.text[1:].upper()
            if name not in values:
                raise SqlError(2211, "02000", f"SQL compilation error:\nSession variable '${name}' does not exist")
            parts.append(values[name])
        return "".join(parts)
