"""All that the stand-in remembers, and what the control API changes."""

from __future__ import annotations

from .catalog import Catalog
from .fakesnow_server import server
from .faults import Faults
from .instance import StandInSnow
from .journal import Journal
from .session import Session


class State:
    def __init__(self) -> None:
        self.journal = Journal()
        self.faults = Faults()
        self.latency_seconds = 0.0
        self.sessions: dict[str, Session] = {}
        self.sessions_opened = 0
        self.reset()

    def reset(self) -> None:
        """New, empty databases; no session survives."""
        # fakesnow's own handlers (login, session, …) read these two
        server.shared_fs = StandInSnow()
        server.sessions.clear()
        self.sessions.clear()
        self.journal.clear()
        self.faults.clear()
        self.latency_seconds = 0.0

    @property
    def catalog(self) -> Catalog:
        found: Catalog = server.shared_fs.catalog
        return found

    def open_session(self, token: str, quiet: bool) -> None:
        if not quiet:
            self.sessions_opened += 1
        self.sessions[token] = Session(server.sessions[token], 0 if quiet else self.sessions_opened, quiet)
