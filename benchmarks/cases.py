"""The cases that are measured, the hook levels, and the bars that each level must stay below."""

from __future__ import annotations

from dataclasses import dataclass

BASELINE = "none"
LEVELS = ("run", "durable", "live")


@dataclass(frozen=True)
class Case:
    name: str
    warehouse: str
    models: int
    threads: int
    one_model: bool
    latency_ms: float
    bars: dict[str, float]  # level → the highest ratio to no logging

    @property
    def title(self) -> str:
        selection = "one model selected of" if self.one_model else "all of"
        latency = f", {self.latency_ms:g} ms a statement" if self.latency_ms else ""
        return f"{self.name}: {self.warehouse}, {selection} {self.models} models, {self.threads} threads{latency}"

    def has(self, level: str) -> bool:
        """Whether the level is measured: where one model is selected, a post-hook alone is as good as none."""
        return level in self.bars


CASES = {
    case.name: case
    for case in (
        Case("postgres", "postgres", 100, 4, False, 0, {"run": 1.05, "durable": 1.08, "live": 1.12}),
        Case("postgres-one", "postgres", 100, 4, True, 0, {"run": 1.04, "live": 1.06}),
        Case("standin", "standin", 200, 8, False, 100, {"run": 1.06, "durable": 1.35, "live": 1.65}),
        Case("standin-one", "standin", 200, 8, True, 100, {"run": 1.10, "live": 1.15}),
    )
}
