"""The report: what was found, as Markdown."""

import datetime
import os
import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

from plan import CONNECTIONS, DIRECT, ENVOY, INTERVAL_US, OURS, ROOT, SIZE, WIRES, Bench, cases


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
        f"- machine: {cpu_model()}, {os.cpu_count()} cores, Linux {'.'.join(platform.release().split('.')[:2])};"
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
