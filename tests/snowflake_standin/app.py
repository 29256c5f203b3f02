"""The ASGI application: Snowflake's HTTP API as far as the connector needs it, and the control API."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route

from .control import Control
from .fakesnow_server import server
from .queries import Queries
from .state import State
from .timestamp_format import parse_every_to_char_alike

OWN_PATHS = ("/session/v1/login-request", "/queries/v1/query-request")


def create_app() -> Starlette:
    parse_every_to_char_alike()
    state = State()
    queries = Queries(state)
    return Starlette(
        routes=[
            Route(OWN_PATHS[0], queries.login, methods=["POST"]),
            Route(OWN_PATHS[1], queries.query, methods=["POST"]),
            *Control(state).routes(),
            *(route for route in server.routes if route.path not in OWN_PATHS),
        ]
    )
