"""`python -m tests.snowflake_standin --port 0` serves until it is stopped, and prints its port first."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import threading
import warnings

import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser(description="The Snowflake stand-in for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the process that started it has gone")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    from .app import create_app  # noqa: PLC0415 (its imports warn)

    logging.getLogger("fakesnow.server").setLevel(logging.ERROR)
    with socket.create_server(("127.0.0.1", options.port), backlog=128) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sets it on no socket made this way: 40 ms each
        server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning", timeout_keep_alive=300))
        if options.until_stdin_closes:
            threading.Thread(target=_stop_after_stdin, args=(server,), daemon=True).start()
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        server.run(sockets=[listener])


def _stop_after_stdin(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


main()
