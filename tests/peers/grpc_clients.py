"""Python grpcio against a real gateway: the whole contract, a client of two fields, and a model server of two fields."""

import json
import os
import subprocess
import sys
import time

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from peers import h2raw, rpc
from peers.checks import equal, eventually, expect, run
from peers.gateway import DJANGO, Gateway, django_token
from peers.processes import ROOT, Child, clean_env, free_port
from peers.rpc import KEEP, ask, bearer, pb, read, refused

PROMPT = "小さな流れ 🌊 が途切れずに続く。A small stream 🐟 that never stops. 終わり🍵"
QUESTIONS = json.loads((ROOT / "models" / "questions.json").read_text())
JAPANESE = next(q["text"] for q in QUESTIONS if q["lang"] == "ja")
ENGLISH = next(q["text"] for q in QUESTIONS if q["lang"] == "en")
Code = grpc.StatusCode


class TwoFields:
    """The client of the original contract, in its own process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "peers.two_field"], cwd=ROOT / "tests" / "peers", env=clean_env(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def ask(self, gateway: Gateway, token: str | None, prompt: str) -> dict:
        request = {"address": gateway.address, "token": token, "prompt": prompt}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)


def contract(report, gateway: Gateway, infer, token: str) -> None:
    """The whole contract on the shipped model and on echo."""
    with report.check("ListModels names the models and their readiness") as figures:
        models = infer.ListModels(pb.ListModelsRequest(), metadata=bearer(token)).models
        equal([(m.name, m.ready) for m in models], [("echo", True), ("seseragi-mini", True)], "models")
        figures.append(f"context of the shipped model: {models[1].context_tokens} tokens")
    with report.check("Stream: opened, contiguous positions, terminal with usage, length and checksum") as figures:
        answer = ask(infer, token, PROMPT, model="echo", delivery=KEEP).whole(PROMPT)
        equal(answer.applied, len(PROMPT), "positions (echo: one per character)")
        equal(answer.terminal.usage.output_tokens, len(PROMPT), "output_tokens")
        expect(answer.opened.epoch >= 1 and answer.opened.heartbeat_ms > 0, "opened is incomplete")
        figures.append(f"{answer.applied} positions in {len(answer.runs)} frames, {answer.terminal.utf8_len} bytes")
    stream_id = answer.opened.stream_id
    with report.check("Resume at every third position gives the exact rest") as figures:
        places = range(0, len(PROMPT) + 1, 3)
        for after in places:
            request = pb.ResumeRequest(stream_id=stream_id, after_seq=after)
            rest = rpc.Answer(applied=after)
            for reply in infer.Resume(request, metadata=bearer(token), timeout=30):
                rest.take(reply)
            equal(rest.text, PROMPT[after:], f"the rest after {after}")
            equal(rest.opened.resumed_after, after, "resumed_after")
            equal(rest.terminal, answer.terminal, "terminal")
        figures.append(f"{len(places)} positions")
    with report.check("Resume beyond the tail, in another epoch, of another subject: refused"):
        def resume(who: str, **fields):
            return refused(lambda: infer.Resume(pb.ResumeRequest(stream_id=stream_id, **fields), metadata=bearer(who)))

        equal(resume(token, after_seq=answer.terminal_seq + 1)[0], Code.OUT_OF_RANGE)
        equal(resume(token, epoch=9)[0], Code.ABORTED)
        equal(resume(gateway.guest())[0], Code.NOT_FOUND)
    with report.check("GetStream and ListStreams tell about it, to its owner only"):
        info = infer.GetStream(pb.GetStreamRequest(stream_id=stream_id), metadata=bearer(token))
        equal((info.model, info.last_seq, info.live), ("echo", answer.terminal_seq, False))
        equal(info.terminal, answer.terminal, "terminal")
        expect(info.created_unix_ms < info.expires_unix_ms, "expires before it was created")
        listed = infer.ListStreams(pb.ListStreamsRequest(limit=5), metadata=bearer(token)).streams
        expect(stream_id in [each.stream_id for each in listed], "it is not listed")
        other = infer.ListStreams(pb.ListStreamsRequest(), metadata=bearer(gateway.guest())).streams
        equal(len(other), 0, "streams of somebody else")
    with report.check("Cancel stops it, keeps what was written, and is idempotent") as figures:
        call = infer.Stream(pb.StreamRequest(prompt="あ" * 300, model="echo", delivery=KEEP), metadata=bearer(token))
        answer = rpc.Answer()
        for reply in call:
            answer.take(reply)
            if answer.applied == 5:
                break
        cancel = pb.CancelRequest(stream_id=answer.opened.stream_id)
        first = infer.Cancel(cancel, metadata=bearer(token)).terminal
        try:
            for reply in call:
                answer.take(reply)
        except grpc.RpcError as error:
            answer.failed(error)
        answer.ended(pb.CANCELLED, "あ" * answer.applied)
        equal(answer.code, Code.CANCELLED)
        equal(infer.Cancel(cancel, metadata=bearer(token)).terminal, first, "the second Cancel's terminal")
        figures.append(f"{answer.applied} of 300 characters")


def deadlines_and_keys(report, gateway: Gateway, infer, token: str) -> None:
    """Deadlines and idempotency keys."""
    with report.check("A deadline of 0.5 s on a slow echo: DEADLINE_EXCEEDED, and the model stops") as figures:
        started = time.monotonic()
        answer = ask(infer, token, "x" * 500, model="echo", timeout=0.5)
        equal(answer.code, Code.DEADLINE_EXCEEDED)
        figures.append(f"after {time.monotonic() - started:.2f} s and {answer.applied} deltas")
        eventually(lambda: gateway.metric("seseragi_streams_active") == 0, "the model stops")
    with report.check("The same, said by the gateway itself: terminal FAILED and status 4"):
        connection = h2raw.Connection(gateway.address)
        body = pb.StreamRequest(prompt="x" * 500, model="echo").SerializeToString()
        head = {"grpc-timeout": "500m", "authorization": f"Bearer {token}"}
        stream = connection.finish(connection.call("/infer.Infer/Stream", body, head))
        equal(stream.status, "4", f"grpc-status ({stream.message})")
        last = pb.InferReply.FromString(stream.messages[-1])
        equal(last.terminal.finish, pb.FAILED, "finish")
        connection.cut(hard=False)
    with report.check("An idempotency key: the same stream, not a second run"):
        def keyed(prompt: str) -> rpc.Answer:
            return ask(infer, token, prompt, model="echo", idempotency_key="once", delivery=KEEP)

        before = gateway.metric("seseragi_streams_started_total")
        first, second = keyed("水").whole("水"), keyed("水").whole("水")
        equal(second.opened.stream_id, first.opened.stream_id, "stream_id")
        equal(gateway.metric("seseragi_streams_started_total"), before + 1, "generations")
        equal(keyed("火").code, Code.ALREADY_EXISTS)


def services(report, gateway: Gateway) -> None:
    """Health and reflection, as tools use them."""
    channel = grpc.insecure_channel(gateway.address)
    with report.check("grpc.health.v1 says SERVING, also for infer.Infer, and NOT_FOUND for others"):
        health = health_pb2_grpc.HealthStub(channel)
        for service in ("", "infer.Infer"):
            equal(health.Check(health_pb2.HealthCheckRequest(service=service)).status, 1, f"health of {service!r}")
        unknown = refused(lambda: health.Check(health_pb2.HealthCheckRequest(service="nothing")))
        equal(unknown[0], Code.NOT_FOUND)
    with report.check("Reflection lists the services and describes infer.Infer") as figures:
        database = ProtoReflectionDescriptorDatabase(channel)
        names = sorted(database.get_services())
        expect({"infer.Infer", "grpc.health.v1.Health"} <= set(names), f"services: {names}")
        described = database.FindFileContainingSymbol("infer.Infer")
        methods = [method.name for service in described.service for method in service.method]
        equal(methods, ["Stream", "Resume", "Cancel", "GetStream", "ListStreams", "ListModels"], "methods")
        figures.append(", ".join(names))


def credentials(report, gateway: Gateway, infer) -> None:
    """All the ways to a token."""
    for name, scope in (("a list", ("openid", "infer:read")), ("a text", "openid infer:read")):
        with report.check(f"A web framework's HS256 token, scope as {name}"):
            ask(infer, django_token("tomoko", scope), "水", model="echo").whole("水")
    with report.check("seseragi token issue: its token is accepted, and inspect agrees"):
        ask(infer, gateway.token("hanako"), "水", model="echo").whole("水")
    with report.check("An API key becomes a token by POST /auth/issue, until it is revoked"):
        made = gateway.command("apikey", "create", "--name", "test")
        secret = made.stdout.strip()
        expect(secret.startswith("ssr_live_"), f"no key: {made.stderr}")
        status, headers, body = gateway.post("/auth/issue", {"authorization": f"Bearer {secret}"})
        equal((status, headers["cache-control"]), (200, "no-store"), "answer")
        ask(infer, json.loads(body)["access_token"], "水", model="echo").whole("水")
        key_id = made.stderr.split()[2]
        expect(secret not in gateway.command("apikey", "list").stdout, "the list shows the secret")
        equal(gateway.command("apikey", "revoke", key_id).returncode, 0, "exit code of revoke")
        status, _, body = gateway.post("/auth/issue", {"authorization": f"Bearer {secret}"})
        equal((status, json.loads(body)["reason"]), (401, "invalid"), "a revoked key")


def two_fields(report, shipped: Gateway, echo: Gateway, infer, classic: TwoFields) -> None:
    """The same texts through the original contract."""
    for language, prompt in (("Japanese", JAPANESE), ("English", ENGLISH)):
        with report.check(f"The shipped model's answer in {language}: equal by both contracts") as figures:
            token = django_token("both")
            full = ask(infer, token, prompt, model="seseragi-mini", delivery=KEEP).whole()
            said = classic.ask(shipped, token, prompt)
            equal((said["code"], said["text"]), ("OK", full.text), "two fields")
            figures.append(f"{len(full.text)} characters, {full.terminal.usage.output_tokens} tokens, {said['deltas']} deltas")
    with report.check("Japanese and emoji through the client of two fields"):
        said = classic.ask(echo, django_token(), PROMPT)
        equal((said["code"], said["text"]), ("OK", PROMPT))
    with report.check("It sees failures as a status other than OK: UNAUTHENTICATED, INVALID_ARGUMENT"):
        said = classic.ask(echo, None, "x")
        equal((said["code"], said["text"]), ("UNAUTHENTICATED", ""))
        expect("access token" in said["details"], f"unclear: {said['details']}")
        equal(classic.ask(echo, django_token(), "")["code"], "INVALID_ARGUMENT")


def upstream(report, gateway: Gateway, infer, server: Child, classic: TwoFields) -> None:
    """A model server in twenty lines of Python behind the runtime `infer`."""
    wanted = "You asked: 調子は？ さらさら 🌊 "
    with report.check("A model server that knows two fields streams through us") as figures:
        answer = ask(infer, django_token(), "調子は？", model="mine", delivery=KEEP).whole(wanted)
        gaps = [b - a for a, b in zip(answer.times, answer.times[1:])]
        figures.append(f"{len(answer.runs)} frames, longest gap {max(gaps) * 1000:.0f} ms")
        expect(answer.applied == 5, f"{answer.applied} deltas instead of 5")
    with report.check("A conversation of several turns is refused by it, not cut to one"):
        turns = [pb.Message(role="user", content="a"), pb.Message(role="assistant", content="b"), pb.Message(role="user", content="c")]
        answer = ask(infer, django_token(), messages=turns, model="mine")
        equal(answer.code, Code.INVALID_ARGUMENT, answer.details)
    with report.check("An unreachable model server: UNAVAILABLE in clear words") as figures:
        started = time.monotonic()
        answer = ask(infer, django_token(), "x", model="nowhere")
        equal((answer.code, answer.reason), (Code.UNAVAILABLE, "UPSTREAM_UNREACHABLE"))
        equal(answer.details, "the model's server cannot be reached; try again")
        figures.append(f"after {time.monotonic() - started:.2f} s")
    with report.check("A model server that dies mid-stream: UNAVAILABLE, terminal INTERRUPTED, text kept") as figures:
        call = infer.Stream(pb.StreamRequest(prompt="a " * 200, model="mine"), metadata=bearer(django_token()), timeout=60)
        answer = rpc.Answer()
        try:
            for reply in call:
                answer.take(reply)
                if answer.applied == 3:
                    server.kill()
        except grpc.RpcError as error:
            answer.failed(error)
        answer.ended(pb.INTERRUPTED)
        equal((answer.code, answer.terminal.code), (Code.UNAVAILABLE, "upstream_lost"))
        expect(answer.terminal.retryable, "it is not said to be retryable")
        figures.append(answer.details)
    with report.check("And the gateway still serves"):
        ask(infer, django_token(), "水", model="echo").whole("水")


def main(report) -> None:
    port, example = free_port(), ROOT / "examples" / "python-upstream"
    server = Child([sys.executable, example / "server.py", port], cwd=example)
    quick = "[[models]]\nname = 'echo'\nruntime = 'echo'\ndelay_ms = 5\n"
    embedded = "[[models]]\nname = 'seseragi-mini'\nruntime = 'embedded'\ntokens_per_second = 200\n"
    shipped = Gateway(DJANGO + quick + embedded, top='default_model = "seseragi-mini"')
    infers = "".join(
        f"[[models]]\nname = '{name}'\nruntime = 'infer'\naddress = '127.0.0.1:{where}'\n"
        for name, where in (("mine", port), ("nowhere", free_port()))
    )
    second = Gateway(DJANGO + quick + infers)
    infer, classic = rpc.stub(shipped.address), TwoFields()
    with report.check("A guest signs in and reads"):
        token = shipped.guest()
        ask(infer, token, "水", model="echo").whole("水")
    contract(report, shipped, infer, token)
    deadlines_and_keys(report, shipped, infer, token)
    services(report, shipped)
    credentials(report, shipped, infer)
    two_fields(report, shipped, second, infer, classic)
    server.wait_for_line("listening on")
    upstream(report, second, rpc.stub(second.address), server, classic)
    with report.check("Both gateways stop with exit code 0"):
        equal([shipped.stop(), second.stop()], [0, 0])
    classic.close()


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    run(main)
