"""The handlers of Snowflake's HTTP API that the stand-in has itself: login, query, end of a session."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from typing import Any

from fakesnow.converter import from_binding
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .errors import SqlError, as_sql_error
from .fakesnow_server import server
from .session import Session
from .state import State

QUIET_PARAMETER = "STANDIN_QUIET"


class Queries:
    def __init__(self, state: State) -> None:
        self.state = state

    async def login(self, request: Request) -> Response:
        body = await read_json(request)
        try:
            response: JSONResponse = await server.login_request(request)
        except Exception as error:
            return error_answer(as_sql_error(error))
        answer = json.loads(bytes(response.body))
        token = answer["data"]["token"]
        connection = server.sessions[token]
        connection.warehouse, connection.role = request.query_params.get("warehouse"), request.query_params.get("roleName")
        self.state.open_session(token, bool(body["data"].get("SESSION_PARAMETERS", {}).get(QUIET_PARAMETER)))
        answer["data"]["masterToken"] = token  # without one the connector never ends its session
        return JSONResponse(answer)

    async def session(self, request: Request) -> Response:
        session = self.state.sessions.get(session_token(request))
        if session and request.query_params.get("delete"):
            del self.state.sessions[session_token(request)]
            await run_in_threadpool(session.end)
        response: JSONResponse = await server.session(request)
        return response

    async def query(self, request: Request) -> Response:
        session = self.state.sessions.get(session_token(request))
        if session is None:
            return JSONResponse(
                {"data": None, "code": "390104", "message": "User must login again.", "success": False}, status_code=401
            )
        body = await read_json(request)
        sql = str(body["sqlText"])
        if session.quiet:
            return await self.answer(request, session, body, None)
        started = time.perf_counter()
        entry = self.state.journal.begin(session.number, sql)
        fault = self.state.faults.for_client_statement()
        try:
            if self.state.latency_seconds:
                await asyncio.sleep(self.state.latency_seconds)
            answer = await self.answer(request, session, body, fault)
        except BaseException as error:
            self.state.journal.finish(entry, started, repr(error))
            raise
        self.state.journal.finish(entry, started, answer.headers.get("X-Standin-Error"))
        return answer

    async def answer(self, request: Request, session: Session, body: dict[str, Any], fault: Any) -> Response:
        sql = str(body["sqlText"])
        bindings = body.get("bindings") or {}
        try:
            if is_left_to_fakesnow(sql, body):
                return await by_fakesnow(request)
            result = await run_in_threadpool(session.run, sql, bound_values(bindings), self.state.faults, fault)
            data = await run_in_threadpool(result.as_data)
        except Exception as error:
            return error_answer(as_sql_error(error))
        connection = session.connection
        data["parameters"] = [{"name": "TIMEZONE", "value": "Etc/UTC"}]
        data["finalDatabaseName"], data["finalSchemaName"] = connection.database, connection.schema
        return JSONResponse({"data": data, "success": True})


def is_left_to_fakesnow(sql: str, body: dict[str, Any]) -> bool:
    """PUT, descriptions and array bindings: nothing here is strict about them, so fakesnow's handler does."""
    bindings = body.get("bindings") or {}
    return bool(
        body.get("describeOnly")
        or sql[:4].lower() == "put "
        or any(isinstance(one["value"], list) for one in bindings.values())
    )


async def by_fakesnow(request: Request) -> Response:
    response: JSONResponse = await server.query_request(request)
    answer = json.loads(bytes(response.body))
    if answer["success"]:
        return response
    # its 500 would have the connector try again for ever
    return error_answer(SqlError(int(answer["code"]), (answer["data"] or {}).get("sqlState", "99999"), answer["message"]))


def bound_values(bindings: dict[str, Any]) -> Any:
    if not bindings:
        return None
    if not all(name.isdigit() for name in bindings):
        return {name: from_binding(binding) for name, binding in bindings.items()}
    return tuple(from_binding(bindings[str(position)]) for position in range(1, len(bindings) + 1))


def session_token(request: Request) -> str:
    """What stands between the quotes of `Snowflake Token="…"`."""
    return request.headers.get("Authorization", "")[17:-1]


async def read_json(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    read: dict[str, Any] = json.loads(body)
    return read


def error_answer(error: SqlError) -> Response:
    code = f"{error.code:06d}"
    answer = {
        "data": {"errorCode": code, "sqlState": error.sqlstate},
        "code": code,
        "message": error.message,
        "success": False,
    }
    summary = f"{code} ({error.sqlstate}): {error.message}".encode("ascii", "replace").decode()
    # a header holds no control character, and neither begins nor ends with a space
    shown = "".join(letter if letter.isprintable() else " " for letter in summary[:2000]).strip()
    return JSONResponse(answer, headers={"X-Standin-Error": shown})
