"""fakesnow's server module: `from fakesnow import server` gives a function of that name."""

from __future__ import annotations

import importlib
from typing import Any

server: Any = importlib.import_module("fakesnow.server")
