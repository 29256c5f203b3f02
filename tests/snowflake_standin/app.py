"""The ASGI application: Snowflake's HTTP API as far as the connector needs it, and the control API."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from .control import Control
from .fakesnow_server import server
from .null_timestamps import keep_null_timestamps
from .queries import Queries
from .state import State
from .timestamp_format import parse_every_to_char_alike


def create_app() -> Starlette:
    parse_every_to_char_alike()
    keep_null_timestamps()
    state = State()
    queries = Queries(state)
    own = [
        Route("/session/v1/login-request", queries.login, methods=["POST"]),
        Route("/session", queries.session, methods=["POST"]),
        Route("/queries/v1/query-request", queries.query, methods=["POST"]),
        *Control(state).routes(),
    ]
    return Starlette(routes=[*own, *server.routes])  # the first that matches answers
