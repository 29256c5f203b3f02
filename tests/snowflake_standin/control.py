"""The control API, under /standin/: reset, statement log, latency, faults, dbt projects, tasks."""

from __future__ import annotations

import json
from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .dbt_projects import DbtProject
from .errors import SqlError
from .faults import Fault
from .state import State


class Control:
    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[Route]:
        return [
            Route("/standin/reset", self.reset, methods=["POST"]),
            Route("/standin/statements", self.statements, methods=["GET"]),
            Route("/standin/statements", self.forget_statements, methods=["DELETE"]),
            Route("/standin/latency", self.set_latency, methods=["PUT"]),
            Route("/standin/faults", self.add_fault, methods=["POST"]),
            Route("/standin/faults", self.clear_faults, methods=["DELETE"]),
            Route("/standin/dbt-projects", self.add_dbt_project, methods=["POST"]),
            Route("/standin/dbt-runs", self.dbt_runs, methods=["GET"]),
            Route("/standin/tasks", self.tasks, methods=["GET"]),
        ]

    async def reset(self, request: Request) -> Response:
        await run_in_threadpool(self.state.reset)
        return JSONResponse({})

    async def statements(self, request: Request) -> Response:
        if request.query_params.get("count"):
            return JSONResponse({"count": len(self.state.journal)})
        statements = self.state.journal.as_dicts()
        return JSONResponse({"count": len(statements), "statements": statements})

    async def forget_statements(self, request: Request) -> Response:
        self.state.journal.clear()
        return JSONResponse({})

    async def set_latency(self, request: Request) -> Response:
        self.state.latency_seconds = json.loads(await request.body())["milliseconds"] / 1000
        return JSONResponse({})

    async def add_fault(self, request: Request) -> Response:
        body = json.loads(await request.body())
        error = SqlError(int(body.pop("code")), body.pop("sqlstate"), body.pop("message"))
        try:
            self.state.faults.add(Fault(error, **body))
        except Exception as invalid:
            return JSONResponse({"error": str(invalid)}, status_code=400)
        return JSONResponse({})

    async def clear_faults(self, request: Request) -> Response:
        self.state.faults.clear()
        return JSONResponse({})

    async def add_dbt_project(self, request: Request) -> Response:
        body = json.loads(await request.body())
        name = body.pop("name")
        self.state.catalog.dbt_projects[name] = DbtProject(**body)
        return JSONResponse({})

    async def dbt_runs(self, request: Request) -> Response:
        return JSONResponse({"runs": [asdict(run) for run in self.state.catalog.dbt_runs]})

    async def tasks(self, request: Request) -> Response:
        return JSONResponse({"tasks": {name: asdict(task) for name, task in self.state.catalog.tasks.items()}})
