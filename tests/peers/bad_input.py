"""Bad input of every kind: one clear error each, on each wire or at start, nothing half-started, nothing leaked."""

import json
import os
import socket
import struct
import sys
import time
import urllib.parse
from pathlib import Path

import grpc
import jwt
from peers import h2raw, rpc, web
from peers.checks import equal, expect, run
from peers.gateway import DJANGO, SECRET, Gateway, django_token, program
from peers.processes import ROOT, folder, free_port
from peers.rpc import pb

STREAM = "/infer.Infer/Stream"
CANARY = "canary-7f3a91-カナリア"
ECHO = "[[models]]\nname = 'echo'\nruntime = 'echo'\ndelay_ms = 1\n"
STRICT = """
[[auth.external]]
name = "strict"
issuer = "https://id.example"
hs256_secret_file = "strict.secret"
audiences = ["seseragi"]
required_claims = { token_type = "access" }
"""
STRICT_SECRET = "another shared secret, which is not the same one"
WIRES = ("gRPC", "gRPC-Web", "Connect")


def over(wire: str, gateway: Gateway, message: bytes, token: str | None, path: str = STREAM) -> tuple[str, str]:
    """Status, in Connect's words, and message of a call on this wire."""
    if wire == "gRPC":
        connection = h2raw.Connection(gateway.address)
        stream = connection.finish(connection.call(path, message, {"authorization": f"Bearer {token}"} if token is not None else {}))
        connection.cut(hard=False)
        return web.NAMES[int(stream.status)], urllib.parse.unquote(stream.message)
    reply = web.Call(gateway.address, path, message, token, web.GRPC_WEB if wire == "gRPC-Web" else web.CONNECT).read()
    equal(reply.http, 200, "HTTP status (the outcome is in the body)")
    return reply.code, reply.message


def request(**fields) -> bytes:
    return pb.StreamRequest(**{"prompt": CANARY, "model": "echo"} | fields).SerializeToString()


def credentials(report, gateway: Gateway) -> list[str]:
    """Tokens that must not open anything. Returns all tokens that were shown."""
    good, own = django_token("person"), gateway.token("person")
    other = gateway.home / "other.toml"
    other.write_text(gateway.config.read_text() + '\n[auth]\naudience = "another-service"\n')
    foreign = gateway.command("token", "issue", "--sub", "person", config=other).stdout.strip()
    head, claims, signature = own.split(".")
    strict = {"iss": "https://id.example", "aud": "seseragi", "sub": "p", "scope": "infer:read", "token_type": "access"}
    strict |= {"iat": int(time.time()), "exp": int(time.time()) + 300}

    def strictly(**changes: object) -> str:
        return jwt.encode({k: v for k, v in (strict | changes).items() if v is not None}, STRICT_SECRET, algorithm="HS256")

    invalid, expired = "the access token is not valid", "the access token has expired"
    cases = [
        ("no token", None, "unauthenticated", "this call needs an access token"),
        ("an empty token", "", "unauthenticated", invalid),
        ("no token at all in it", "not-a-token", "unauthenticated", invalid),
        ("a broken signature", f"{head}.{claims}.{signature[:-8]}AAAAAAAA", "unauthenticated", invalid),
        ("changed claims", f"{head}.{claims[:-4]}AAAA.{signature}", "unauthenticated", invalid),
        ("alg none", jwt.encode({"sub": "x", "exp": int(time.time()) + 60}, None, algorithm="none"), "unauthenticated", invalid),
        ("a wrong secret", django_token(secret="somebody else's secret, of good length"), "unauthenticated", invalid),
        ("an expired token", django_token(exp=int(time.time()) - 3600), "unauthenticated", expired),
        ("a token without exp", jwt.encode({"sub": "x", "scope": "infer:read"}, SECRET, algorithm="HS256"), "unauthenticated", invalid),
        ("a token that lives too long", django_token(exp=int(time.time()) + 90_000), "unauthenticated", invalid),
        ("a foreign audience, ours by signature", foreign, "unauthenticated", invalid),
        ("a foreign audience, of another issuer", strictly(aud="another-service"), "unauthenticated", invalid),
        ("a foreign issuer", strictly(iss="https://evil.example"), "unauthenticated", invalid),
        ("a refresh token", strictly(token_type="refresh"), "unauthenticated", invalid),
        ("a token of 10 KB", "a" * 10_000, "unauthenticated", invalid),
        ("a wrong scope", gateway.token("person", "--scope", "reflection:read"), "permission_denied", "this call needs the scope infer:read"),
        ("no scope", django_token(scope=""), "permission_denied", "this call needs the scope infer:read"),
    ]
    for name, token, code, text in cases:
        with report.check(f"{name}: {code} on each wire"):
            for wire in WIRES:
                found, message = over(wire, gateway, request(), token)
                equal(found, code, f"{wire}: code ({message})")
                expect(message.startswith(text), f"{wire}: unclear: {message!r}")
    with report.check("the good neighbours of these tokens are accepted"):
        for token in (good, own, strictly()):
            for wire in WIRES:
                equal(over(wire, gateway, request(), token)[0], "ok", wire)
    with report.check("single calls: HTTP 401 and 403 with a challenge on Connect, UNAUTHENTICATED on gRPC"):
        reply = web.Call(gateway.address, "/infer.Infer/ListModels", b"", None, "application/proto").read()
        equal((reply.http, reply.code), (401, "unauthenticated"))
        expect(reply.headers["www-authenticate"].startswith("Bearer"), "no challenge")
        equal(web.Call(gateway.address, "/infer.Infer/ListModels", b"", cases[-1][1], "application/proto").read().http, 403)
        found = rpc.refused(lambda: rpc.stub(gateway.address).ListModels(pb.ListModelsRequest()))
        equal((found[0], found[2]), (grpc.StatusCode.UNAUTHENTICATED, "MISSING"))
    return [token for _, token, *_ in cases if token and len(token) > 20] + [good, own, strictly()]


def negative(number: int) -> bytes:
    """`sampling.max_tokens`, as a varint of 64 bits: what a careless client makes of a negative number."""
    value, out = number & (2**64 - 1), bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    sampling = b"\x08" + bytes(out) + bytes([value])
    return request() + b"\x22" + bytes([len(sampling)]) + sampling


def requests(report, gateway: Gateway) -> None:
    """Requests that make no sense."""
    token = django_token("person")
    tokens = "sampling.max_tokens is 1 to 1000000"
    cases = [
        ("an unknown model", request(model="gpt-9"), "not_found", "there is no model of this name; there is: echo"),
        ("an empty prompt", request(prompt=""), "invalid_argument", "prompt or messages must be there and not empty"),
        ("an oversized prompt", request(prompt="x" * 1001), "invalid_argument", "the prompt has 1001 bytes, and at most 1000 are taken"),
        ("a prompt of 1 MB", request(prompt="x" * 1_000_000), "resource_exhausted", "the request is longer than"),
        ("max_tokens 0", request(sampling=pb.Sampling(max_tokens=0)), "invalid_argument", tokens),
        ("max_tokens -1", negative(-1), "invalid_argument", tokens),
        ("max_tokens of 4 billion", request(sampling=pb.Sampling(max_tokens=2**32 - 1)), "invalid_argument", tokens),
        ("a temperature that is no number", request(sampling=pb.Sampling(temperature=float("nan"))), "invalid_argument", "sampling.temperature is 0 to 2"),
        ("tools, which no model here offers", request(tools=[pb.Tool(name="x")]), "invalid_argument", "tools is not offered by this model"),
        ("prompt and messages", request(messages=[pb.Message(role="user", content="x")]), "invalid_argument", "prompt and messages exclude each other"),
        ("invalid UTF-8", b"\x0a\x04\xff\xfe\xfd\xfc", "invalid_argument", "the request is not a valid message of this method (is all text UTF-8?)"),
        ("half a code point", b"\x0a\x05abc\xe6\xb0", "invalid_argument", "the request is not a valid message of this method"),
        ("no protobuf", b"\xff\xff\xff", "invalid_argument", "the request is not a valid message of this method"),
    ]
    for name, message, code, text in cases:
        with report.check(f"{name}: {code} on each wire"):
            for wire in WIRES:
                found, said = over(wire, gateway, message, token)
                equal(found, code, f"{wire}: code ({said})")
                expect(said.startswith(text), f"{wire}: unclear: {said!r}")
    with report.check("max_tokens of a million is capped by the tier: 50 tokens, LENGTH"):
        answer = rpc.ask(rpc.stub(gateway.address), token, "あ" * 80, model="echo", sampling=pb.Sampling(max_tokens=1_000_000))
        answer.ended(pb.LENGTH, "あ" * 50)
    with report.check("an unknown stream, an unknown method, a compressed and a cut-off message: each says so"):
        for wire in WIRES:
            code, said = over(wire, gateway, pb.ResumeRequest(stream_id="nothing").SerializeToString(), token, "/infer.Infer/Resume")
            equal((code, said[:14]), ("not_found", "no such stream"), wire)
            equal(over(wire, gateway, b"", token, "/infer.Infer/Train")[0], "unimplemented", wire)
        for body, status in ((b"\x01\x00\x00\x00\x01x", "12"), (b"\x00\x00\x00\x00\x09abc", "3"), (b"", "3")):
            connection = h2raw.Connection(gateway.address)
            head = {"authorization": f"Bearer {token}"}
            equal(connection.finish(connection.call(STREAM, body, head, envelope=False)).status, status, f"{body!r}")
            connection.cut()
    with report.check("bytes that are no HTTP: the connection ends"):
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense" * 9, b"\r\n" * 20_000):
            with socket.create_connection(("127.0.0.1", gateway.port), timeout=15) as raw:
                try:
                    raw.sendall(garbage)
                    while raw.recv(4096):
                        pass
                except ConnectionError:
                    pass


def guests(report) -> None:
    """Who is no guest."""
    gateway = Gateway(ECHO)
    host = f"127.0.0.1:{gateway.port}"
    with report.check("guest sign-in: refused with a foreign Host, behind a proxy, from a foreign page, as a form"):
        cases = [
            ({"Host": "evil.example"}, 421, "host_unknown"),
            ({"Host": f"localhost.evil.example:{gateway.port}"}, 421, "host_unknown"),
            ({"X-Forwarded-For": "10.0.0.1"}, 403, "guests_off"),
            ({"Forwarded": "for=10.0.0.1"}, 403, "guests_off"),
            ({"Via": "1.1 proxy"}, 403, "guests_off"),
            ({"Origin": "https://evil.example"}, 403, "origin_refused"),
            ({"Origin": "null"}, 403, "origin_refused"),
            ({"content-type": "text/plain"}, 415, "not_json"),
        ]
        for headers, status, reason in cases:
            found, _, body = gateway.post("/auth/guest", headers)
            equal((found, json.loads(body)["reason"]), (status, reason), f"{headers}")
        for headers in ({}, {"Host": host}, {"Host": f"localhost:{gateway.port}"}, {"Origin": "http://localhost:5173"}):
            equal(gateway.post("/auth/guest", headers)[0], 200, f"{headers}")
    with report.check("a refused origin is logged with the line that would allow it"):
        expect('[cors] origins = [' in gateway.log and "https://evil.example" in gateway.log, gateway.log)
    gateway.stop()
    with report.check("guest sign-in: refused where the listener is not loopback, and reflection asks for its scope"):
        gateway = Gateway(ECHO, listen="0.0.0.0")
        found, _, body = gateway.post("/auth/guest")
        equal((found, json.loads(body)["reason"]), (403, "guests_off"))
        code, said = over("gRPC", gateway, b"\x3a\x00", None, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        equal(code, "unauthenticated", said)
        equal(over("gRPC", gateway, request(), gateway.token("person"))[0], "ok", "a token still works")
        gateway.stop()


def fails(report, name: str, code: int, parts: list[str], config: str = "", flags: tuple = (), listen: int = 0, metrics: int = 0, home: Path | None = None) -> None:
    """A start that must fail with this exit code and one line that has these parts, and leave nothing behind."""
    with report.check(f"{name}: exit code {code} and one clear line") as figures:
        home = home or folder("start")
        port = listen or free_port()
        file = home / "seseragi.toml"
        file.write_text(
            f'data_dir = "data"\n[listen]\naddress = "127.0.0.1:{port}"\n[metrics]\naddress = "127.0.0.1:{metrics or free_port()}"\n{config}'
        )
        started = time.monotonic()
        done = program("--config", file, "serve", *flags, cwd=home)
        said = (done.stdout + done.stderr).strip().splitlines()
        equal(done.returncode, code, f"exit code ({said})")
        equal(len(said), 1, f"lines ({said})")
        for part in parts:
            expect(part in said[0], f"{part!r} is not in {said[0]!r}")
        expect("panicked" not in said[0], said[0])
        expect(not (home / "data").exists(), "a data folder was left behind")
        with socket.socket() as probe:
            expect(listen or probe.connect_ex(("127.0.0.1", port)) != 0, "something still listens")
        figures.append(f"{said[0]!r:.150} after {time.monotonic() - started:.2f} s")


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf_of(architecture: str) -> bytes:
    """The smallest GGUF file that names an architecture: version 3, no tensors, one key."""
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("general.architecture") + struct.pack("<I", 8) + text(architecture)


def model_files(report) -> None:
    """Model files that are none."""
    home = folder("models")
    shipped = (ROOT / "models" / "seseragi-mini.gguf").read_bytes()
    files = {
        "text.gguf": b"This is not a model.", "empty.gguf": b"", "mamba.gguf": gguf_of("mamba"),
        "version.gguf": b"GGUF" + struct.pack("<I", 99) + bytes(16), "keyless.gguf": gguf_of("llama"),
        "head.gguf": shipped[:1000], "half.gguf": shipped[: len(shipped) // 2], "almost.gguf": shipped[:-1],
        "greedy.gguf": b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60),
    }
    for name, content in files.items():
        (home / name).write_bytes(content)
    cases = [
        ("a GGUF file that is missing", home / "nowhere.gguf", ["cannot read the model file", "nowhere.gguf", "No such file"]),
        ("a folder in the place of a GGUF file", home, ["cannot read the model file"]),
        ("a text file", home / "text.gguf", ["not a GGUF file"]),
        ("an empty file", home / "empty.gguf", ["truncated"]),
        ("a GGUF file cut in its head", home / "head.gguf", ["truncated"]),
        ("a GGUF file cut in the middle", home / "half.gguf", ["truncated"]),
        ("a GGUF file without its last byte", home / "almost.gguf", ["truncated"]),
        ("a GGUF file of another version", home / "version.gguf", ["GGUF version 99 is not supported"]),
        ("an unsupported architecture", home / "mamba.gguf", ["model architecture `mamba` is not supported (supported: llama, qwen2, qwen3)"]),
        ("a llama without anything", home / "keyless.gguf", ["the GGUF file has no tensor"]),
        ("a file that promises 2^60 tensors", home / "greedy.gguf", ["GGUF file"]),
    ]
    for name, path, parts in cases:
        fails(report, name, 1, ["seseragi: model ", *parts], flags=("--model-file", path))


TEN = """
dat_dir = "typo"
default_model = "nobody"
[listen]
address = "here"
workers = -1
[log]
format = "xml"
[auth]
guests = "maybe"
access_token_ttl_s = 1
[cors]
origins = ["localhost"]
[limits]
max_prompt_bytes = "many"
[[models]]
name = "a"
runtime = "magic"
"""
TEN_FAULTS = {
    "dat_dir": "there is no such setting; did you mean data_dir?",
    "default_model": "there is no model of this name; there is: a",
    "listen.address": 'write IP:PORT, such as 127.0.0.1:8080',
    "listen.workers": "write a whole number from 0 to 512",
    "log.format": "write one of auto, pretty, json",
    "auth.guests": "write one of local, off, everybody",
    "auth.access_token_ttl_s": "write a whole number from 30 to 3600",
    "cors.origins": "is not an origin; write scheme://host",
    "limits.max_prompt_bytes": "write a whole number from 1 to",
    "models[0].runtime": "write one of embedded, echo, infer",
}


def starts(report) -> None:
    """Configurations and ports that cannot work."""
    with report.check("a configuration with ten mistakes: ten lines with path and hint, exit code 2, nothing started"):
        home = folder("ten")
        (home / "seseragi.toml").write_text(TEN)
        for command in (("serve",), ("config", "check")):
            done = program(*command, cwd=home)
            equal((done.returncode, done.stdout), (2, ""), f"exit code and output of {command}")
            first, *faults = done.stderr.strip().splitlines()
            expect("the configuration has 10 faults" in first, first)
            equal(len(faults), 10, "lines")
            for path, hint in TEN_FAULTS.items():
                expect(any(line.startswith(f"  {path}: ") and hint in line for line in faults), f"{path} is not among {faults}")
        equal([each.name for each in home.iterdir()], ["seseragi.toml"], "files")
    with report.check("a configuration that is no TOML: the line, exit code 2"):
        (home / "seseragi.toml").write_text("a = 1\nb = = 2\n")
        done = program("serve", cwd=home)
        equal(done.returncode, 2, "exit code")
        expect("line 2: is no TOML" in done.stderr, done.stderr)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ["Address already in use", "something else listens there; stop it or choose another port"]
        fails(report, "a port in use", 1, [f"listen.address 127.0.0.1:{port}", *words], ECHO, listen=port)
        fails(report, "a metrics port in use", 1, [f"metrics.address 127.0.0.1:{port}", *words], ECHO, metrics=port)
    issuer = '[[auth.external]]\nname = "django"\nhs256_secret_file = "secret"\n'
    for name, content, mode, part in (
        ("a secret file that is missing", None, 0, "No such file"),
        ("a secret that others may read", SECRET, 0o644, "chmod 600"),
        ("a secret that is too short", "short", 0o600, "auth.external[0].hs256_secret_file: is shorter than 32 bytes"),
    ):
        home = folder("secret")
        if content:
            (home / "secret").write_text(content)
            (home / "secret").chmod(mode)
        fails(report, name, 2, [part], issuer + ECHO, home=home)


def main(report) -> None:
    # At the level debug, where a leak would show; one secret per issuer.
    limits = "[limits]\nmax_prompt_bytes = 1000\n[limits.server]\nmax_output_tokens = 50\n"
    config = f'[log]\nlevel = "debug"\n{limits}{DJANGO}{STRICT}{ECHO}'
    gateway = Gateway(config, secrets={"strict.secret": STRICT_SECRET})
    tokens = credentials(report, gateway)
    requests(report, gateway)
    with report.check("after all that it still serves, on each wire"):
        for wire in WIRES:
            equal(over(wire, gateway, request(), django_token("person"))[0], "ok", wire)
        equal(gateway.get("/readyz"), (200, "ready\n"))
    with report.check("no prompt, no token, no secret and no panic in its log, at the level debug") as figures:
        equal(gateway.stop(), 0, "exit code")
        log = gateway.log
        expect("stream ended" in log and "credential refused" in log, "the log is not the one that was meant")
        for secret in (CANARY, "canary", *tokens, SECRET, STRICT_SECRET):
            expect(secret not in log, f"the log has {secret[:24]!r}…")
        for token in tokens:
            for part in token.split("."):
                expect(len(part) < 24 or part not in log, f"the log has a part of a token: {part[:12]!r}…")
        expect("panicked" not in log, "it panicked")
        figures.append(f"{len(log.splitlines())} lines, {len(tokens)} tokens")
    guests(report)
    model_files(report)
    starts(report)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    sys.stdout.reconfigure(encoding="utf-8")
    run(main)
