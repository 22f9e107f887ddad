"""What is measured, and what the parts of the bench share."""

import datetime
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIRES = {"grpc": "gRPC, h2", "web2": "gRPC-Web, h2", "web1": "gRPC-Web, h1"}
DIRECT, OURS, ENVOY = "direct", "seseragi", "envoy"
INTERVAL_US = 30_000
SIZE = 24
CONNECTIONS = 8


@dataclass
class Plan:
    """How much is measured."""

    rounds: int
    paced: list[int]
    paced_deltas: int
    saturated_streams: int
    saturated_deltas: int
    idle: list[int]
    hold_ms: int


FULL = Plan(rounds=5, paced=[200, 1000], paced_deltas=180, saturated_streams=16, saturated_deltas=40_000,
            idle=[200, 1000], hold_ms=4000)
QUICK = Plan(rounds=1, paced=[200, 1000], paced_deltas=100, saturated_streams=16, saturated_deltas=5_000,
             idle=[200, 600], hold_ms=2000)


@dataclass
class Proxy:
    """A running process between the load and the upstream."""

    name: str
    port: int
    pid: int
    token_file: Path | None = None


@dataclass
class Bench:
    """Where everything is, and what was found."""

    plan: Plan
    binaries: Path
    seseragi: Path
    envoy: Path
    folder: Path
    results: dict = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def cases(plan: Plan):
    """What is run in each round, by (kind, wire, streams)."""
    for wire in WIRES:
        for streams in plan.paced:
            yield ("paced", wire, streams), {"streams": streams, "deltas": plan.paced_deltas, "ramp-ms": streams,
                                             "interval-us": INTERVAL_US}
        yield ("saturated", wire, plan.saturated_streams), {
            "streams": plan.saturated_streams, "deltas": plan.saturated_deltas, "interval-us": 0}


class Problem(Exception):
    """What stops the bench, said for people."""


def say(text: str) -> None:
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)
