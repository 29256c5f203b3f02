"""TO_CHAR and TO_VARCHAR of a timestamp with a format, and TRY_CAST of a text to one: fakesnow makes plain casts of them."""

from __future__ import annotations

import re

from sqlglot import Expr, exp
from sqlglot.dialects.snowflake import Snowflake

from .errors import not_emulated

# Snowflake's format element -> DuckDB's strftime
ELEMENTS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MON": "%b",
    "MM": "%m",
    "DD": "%d",
    "DY": "%a",
    "HH24": "%H",
    "HH12": "%I",
    "AM": "%p",
    "PM": "%p",
    "MI": "%M",
    "SS": "%S",
    "FF3": "%g",
    "FF6": "%f",
    "FF9": "%f000",
    "FF": "%f000",
}
DATE_ELEMENT = re.compile("YYYY|MON|MM|DD|DY|HH24|HH12|MI|SS|FF", re.IGNORECASE)
PART = re.compile(
    '"(?P<text>[^"]*)"|(?P<fraction>FF[0-9]?)|(?P<element>YYYY|YY|MMMM|MON|MM|DD|DY|HH24|HH12|AM|PM|MI|SS)', re.IGNORECASE
)

READ = ["%Y-%m-%d", *(f"%Y-%m-%d{between}%H:%M:%S{fraction}" for between in " T" for fraction in ("", ".%f"))]


def strftime_format(snowflake_format: str) -> str:
    """DuckDB's spelling of a Snowflake timestamp format."""

    def spelled(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match["text"]
        element = match.group().upper()
        if element not in ELEMENTS:
            raise not_emulated(f"the timestamp format element {element}")
        return ELEMENTS[element]

    return PART.sub(spelled, snowflake_format.replace("%", "%%"))


def honour_timestamp_format(node: Expr) -> Expr:
    """An sqlglot transform: TO_CHAR(x, 'YYYY…') becomes STRFTIME."""
    text_format = node.args.get("format") if isinstance(node, exp.ToChar) else None
    if not isinstance(text_format, exp.Literal) or not DATE_ELEMENT.search(text_format.name):
        return node
    moment = exp.cast(node.this, exp.DType.TIMESTAMP)
    return exp.func("STRFTIME", moment, exp.Literal.string(strftime_format(text_format.name)))


def try_to_read_timestamp(node: Expr) -> Expr:
    """An sqlglot transform: TRY_CAST(x AS TIMESTAMP…) becomes TRY_STRPTIME, null where x is no timestamp."""
    if not isinstance(node, exp.TryCast) or not node.to.is_type(
        *exp.DataType.TEMPORAL_TYPES - {exp.DType.DATE, exp.DType.TIME}
    ):
        return node
    return exp.func("TRY_STRPTIME", node.this, exp.array(*map(exp.Literal.string, READ)))


def parse_every_to_char_alike() -> None:
    """sqlglot reads some TO_CHAR as TimeToStr, and then loses the number of digits: keep the format as written."""

    def to_char(args: list[Expr]) -> Expr:
        return exp.ToChar.from_arg_list(args)

    for name in ("TO_CHAR", "TO_VARCHAR"):
        Snowflake.Parser.FUNCTIONS[name] = to_char
