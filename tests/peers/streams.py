"""Streams under load and in trouble: 200 at once, readers that stall, cut connections, shutdown, cancellation."""

import asyncio
import json
import os
import socket
import statistics
import sys
import threading
import time
from http.client import HTTPException

import grpc
from peers import flood, h2raw, rpc, web
from peers.checks import equal, eventually, expect, run
from peers.gateway import DJANGO, Gateway, django_token
from peers.processes import ROOT, Child, free_port
from peers.rpc import KEEP, bearer, pb

STREAM, RESUME, CANCEL = "/infer.Infer/Stream", "/infer.Infer/Resume", "/infer.Infer/Cancel"
MIB = 1 << 20
TEXT = "小さな流れ 🌊 が途切れずに続く。A stream 🐟 never stops. 終わり🍵\n" * 3
JAPANESE = next(q["text"] for q in json.loads((ROOT / "models" / "questions.json").read_text()) if q["lang"] == "ja")


def echo(name: str, delay_ms: int, chunk: int = 1) -> str:
    return f"[[models]]\nname = '{name}'\nruntime = 'echo'\ndelay_ms = {delay_ms}\nchunk_chars = {chunk}\n"


def embedded(tokens_per_second: int) -> str:
    return f"[[models]]\nname = 'seseragi-mini'\nruntime = 'embedded'\ntokens_per_second = {tokens_per_second}\n"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def spread(values: list[float]) -> str:
    """Median, 99th percentile and maximum."""
    ordered = sorted(values)
    return f"p50 {ms(statistics.median(ordered))}, p99 {ms(ordered[len(ordered) * 99 // 100])}, max {ms(ordered[-1])}"


def gaps(answers: list[rpc.Answer], after: float = 0, before: float = float("inf")) -> list[float]:
    """Times between neighbouring deltas of a stream, within a stretch of time."""
    pairs = [pair for answer in answers for pair in zip(answer.times, answer.times[1:])]
    return [b - a for a, b in pairs if b >= after and a <= before]


class Crowd:
    """Many streams read by grpcio's asyncio client in a thread of its own."""

    def __init__(self, gateway: Gateway, prompts: list[str], model: str, channels: int, delivery=None) -> None:
        self.answers = [rpc.Answer() for _ in prompts]
        self.first: list[float] = []
        self.errors: list[Exception] = []
        self.thread = threading.Thread(target=lambda: asyncio.run(self._all(gateway, prompts, model, channels, delivery)))
        self.thread.start()

    async def _all(self, gateway: Gateway, prompts: list[str], model: str, channels: int, delivery) -> None:
        options = [("grpc.use_local_subchannel_pool", 1)]
        open_channels = [grpc.aio.insecure_channel(gateway.address, options=options) for _ in range(channels)]
        stubs = [rpc.pb_grpc.InferStub(channel) for channel in open_channels]

        async def one(number: int) -> None:
            # A subject has at most 16 readers: ten streams each.
            request = pb.StreamRequest(prompt=prompts[number], model=model, delivery=delivery)
            call = stubs[number % channels].Stream(request, metadata=bearer(django_token(f"reader-{number // 10}")), timeout=60)
            answer, started = self.answers[number], time.monotonic()
            try:
                async for reply in call:
                    answer.take(reply)
                    if len(answer.times) == 1 and len(answer.texts) == 1:
                        self.first.append(time.monotonic() - started)
                answer.code = grpc.StatusCode.OK
            except grpc.RpcError as error:
                answer.code, answer.details = error.code(), error.details()
            except Exception as error:  # noqa: BLE001 shown by join
                self.errors.append(error)

        await asyncio.gather(*(one(number) for number in range(len(prompts))))
        await asyncio.gather(*(channel.close() for channel in open_channels))

    def join(self, within: float = 70) -> list[rpc.Answer]:
        self.thread.join(within)
        expect(not self.thread.is_alive(), "streams did not end")
        if self.errors:
            raise self.errors[0]
        return self.answers


def many(report) -> None:
    """200 paced streams at once."""
    gateway = Gateway(DJANGO + echo("echo", 40))
    with report.check("200 paced streams at once: every delta once and in order") as figures:
        prompts = [f"流れ {number:03} 🌊 " + "すべては一度だけ、順番どおりに。" * 4 for number in range(200)]
        crowd = Crowd(gateway, prompts, "echo", channels=8)
        answers = crowd.join()
        for prompt, answer in zip(prompts, answers, strict=True):
            answer.whole(prompt)
            equal(answer.applied, len(prompt), "positions")
        deltas, frames = sum(a.applied for a in answers), sum(len(a.runs) for a in answers)
        figures += [f"{deltas} deltas in {frames} frames", f"first delta {spread(crowd.first)}", f"gaps {spread(gaps(answers))}"]
        equal(gateway.metric("seseragi_deltas_total"), deltas, "deltas in the metrics")
        figures.append(f"memory {gateway.rss() / MIB:.1f} MiB")
    gateway.stop()


def start(gateway: Gateway, token: str, window: int = h2raw.DEFAULT_WINDOW, **fields) -> tuple[h2raw.Connection, h2raw.Stream]:
    """A stream on a raw connection of its own."""
    connection = h2raw.Connection(gateway.address, window, receive_buffer=fields.pop("receive_buffer", None))
    body = pb.StreamRequest(**fields).SerializeToString()
    return connection, connection.call(STREAM, body, {"authorization": f"Bearer {token}"})


def replies(stream: h2raw.Stream) -> rpc.Answer:
    """The messages of a raw stream, applied."""
    answer = rpc.Answer()
    for message in stream.messages:
        answer.take(pb.InferReply.FromString(message))
    if stream.ended:
        answer.code = {0: grpc.StatusCode.OK}.get(int(stream.status or 2), grpc.StatusCode.UNKNOWN)
    return answer


class Memory:
    """The highest resident memory of a gateway while the block runs."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway, self.before, self.peak = gateway, gateway.rss(), 0
        self.going = True
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while self.going:
            self.peak = max(self.peak, self.gateway.rss())
            time.sleep(0.02)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.going = False
        self.thread.join()


def stalled(report) -> None:
    """A reader that stops for five seconds, among twenty that do not."""
    size, port = 3_000_000 // flood.DELTA_BYTES * flood.DELTA_BYTES, free_port()
    server = Child([sys.executable, "-m", "peers.flood", port], cwd=ROOT / "tests" / "peers")
    models = echo("echo", 40) + f"[[models]]\nname = 'flood'\nruntime = 'infer'\naddress = '127.0.0.1:{port}'\n"
    gateway = Gateway(f"{DJANGO}[limits.server]\nmax_output_tokens = 1000000\n{models}")
    server.wait_for_line("listening")
    wanted = flood.text(size)
    paced = "二十の流れは、止まった読み手に気づかない。" * 30
    crowd = Crowd(gateway, [paced] * 20, "echo", channels=4)
    infer = rpc.stub(gateway.address)
    rpc.ask(infer, django_token("warm"), str(MIB // 8), model="flood").whole()
    time.sleep(2)
    for name, window, buffer in (("a stream window of 1 KiB", 1024, None), ("a full TCP buffer", 2**31 - 1, 8192)):
        quiet = time.monotonic()
        with report.check(f"A reader with {name} stops for 5 s on 3 MB: slices, and bounded memory") as figures:
            with Memory(gateway) as memory:
                # The rule of the reader: with a window of 1 KiB the first bytes arrive, then nothing is granted.
                connection, stream = start(gateway, django_token("slow"), window, prompt=str(size), model="flood", receive_buffer=buffer)
                connection.until(lambda: stream.received >= 512)
                before = len(stream.messages)
                time.sleep(5)
                expect(gateway.metric("seseragi_streams_active") == 20, "the model did not finish while its reader stalled")
                resumed = time.monotonic()
                connection.finish(stream, 60)
                drained = time.monotonic() - resumed
            answer = replies(stream).whole(wanted)
            connection.cut(hard=False)
            merged = [last - first + 1 for first, last in answer.runs[before:]]
            expect(max(merged) > 1, "no slice covers more than one position")
            log = size + 5 * answer.applied
            growth = memory.peak - memory.before
            figures += [
                f"{answer.applied} deltas in {len(answer.runs)} slices of up to {max(merged)}, read in {drained:.1f} s",
                f"memory {memory.before / MIB:.2f} MiB + {growth / MIB:.2f} MiB, log {log / MIB:.2f} MiB",
            ]
            expect(growth <= log + MIB, f"memory grew by {growth} bytes, the log has {log}")
        stretch = (quiet, time.monotonic())
        with report.check("Meanwhile twenty paced streams on other connections are not disturbed") as figures:
            during = gaps(crowd.answers, quiet + 0.5, quiet + 5)
            earlier = gaps(crowd.answers, 0, quiet)
            expect(len(during) > 20 * 50, f"only {len(during)} deltas in 4.5 s")
            figures += [f"gaps before: {spread(earlier)}", f"during: {spread(during)}", f"{stretch[1] - stretch[0]:.1f} s"]
            # A disturbed stream stands for as long as the reader stalls: 5 s. A busy machine's hiccups are shorter.
            expect(max(during) < 1.5, f"a stream stood for {max(during):.2f} s")
            p99 = sorted(during)[len(during) * 99 // 100]
            expect(p99 < 0.3, f"1 % of the gaps are longer than {p99:.2f} s, the pace is 40 ms")
    with report.check("And each of the twenty got its whole text, once and in order"):
        for answer in crowd.join():
            answer.whole(paced)
    gateway.stop()
    server.kill()


def cut(report) -> None:
    """TCP cut in the middle, on every wire; then Resume."""
    gateway = Gateway(DJANGO + echo("echo", 5) + embedded(60))
    infer, token = rpc.stub(gateway.address), django_token("cut")
    for model, prompt in (("echo", TEXT), ("seseragi-mini", JAPANESE)):
        whole = rpc.ask(infer, token, prompt, model=model).whole().text
        for wire, media in (("gRPC", ""), ("gRPC-Web", web.GRPC_WEB), ("Connect", web.CONNECT)):
            with report.check(f"TCP cut again and again on {wire}, {model}: Resume, and the text is the uncut one") as figures:
                for step in (1, 13):
                    text, cuts = cut_reading(gateway, token, model, prompt, step, media)
                    equal(text, whole, f"joined text (cut after every {step})")
                    # On a busy machine few slices carry much, so few cuts are fine; none is no test.
                    expect(cuts > 0, "it was never cut")
                    figures.append(f"{cuts} cuts")
    gateway.stop()


def cut_reading(gateway: Gateway, token: str, model: str, prompt: str, step: int, media: str) -> tuple[str, int]:
    """Reads an answer over connections that are cut after `step` positions each, at most 20 times."""
    texts, applied, cuts = [], 0, 0
    path, request = STREAM, pb.StreamRequest(prompt=prompt, model=model, delivery=KEEP)
    while True:
        call = (
            web.Call(gateway.address, path, request.SerializeToString(), token, media)
            if media
            else GrpcCall(gateway.address, path, request.SerializeToString(), token, hard=cuts % 2 == 0)
        )
        part = rpc.Answer(applied=applied)
        while part.applied - applied < step or cuts >= 20:
            message = call.next()
            if message is None:
                break
            part.take(pb.InferReply.FromString(message))
        call.cut()
        expect(part.opened is not None, f"refused after {cuts} cuts")
        texts, applied = texts + part.texts, part.applied
        if part.terminal:
            return "".join(texts), cuts
        cuts += 1
        path, request = RESUME, pb.ResumeRequest(stream_id=part.opened.stream_id, after_seq=applied, delivery=KEEP)


class GrpcCall:
    """A gRPC call that is read message by message and can be cut, by a TCP reset or a plain close."""

    def __init__(self, address: str, path: str, message: bytes, token: str, hard: bool) -> None:
        self.connection, self.hard, self.seen = h2raw.Connection(address), hard, 0
        self.stream = self.connection.call(path, message, {"authorization": f"Bearer {token}"})

    def next(self) -> bytes | None:
        self.connection.until(lambda: len(self.stream.messages) > self.seen or self.stream.over)
        self.seen += 1
        return self.stream.messages[self.seen - 1] if len(self.stream.messages) >= self.seen else None

    def cut(self) -> None:
        self.connection.cut(self.hard)


def at_the_cap(report) -> None:
    """Guests have one stream: whoever leaves without a word about resuming may come back at once."""
    gateway = Gateway(echo("echo", 20))
    with report.check("At the cap of one stream: drop the connection, open anew, admitted at once (20 times)") as figures:
        token, waits = gateway.guest(), []
        for number in range(20):
            began = time.monotonic()
            connection, stream = start(gateway, token, prompt="リロード" * 100, model="echo")
            connection.until(lambda stream=stream: len(stream.messages) >= 3 or stream.over)
            expect(not stream.over, f"round {number}: refused: {stream.status} {stream.message}")
            waits.append(time.monotonic() - began)
            connection.cut(hard=number % 2 == 0)
        figures.append(f"to the second delta: {spread(waits)}")
    with report.check("While it is open, a second one is refused: RESOURCE_EXHAUSTED"):
        connection, stream = start(gateway, token, prompt="x" * 500, model="echo")
        connection.until(lambda: len(stream.messages) >= 2)
        second, refused = start(gateway, token, prompt="x", model="echo")
        second.finish(refused)
        equal(refused.status, "8", f"grpc-status ({refused.message})")
        connection.cut()
        second.cut()
    gateway.stop()


def cancellation(report) -> None:
    """A model that nobody reads stops, by the gateway's own count."""
    gateway = Gateway(DJANGO + embedded(40) + echo("echo", 20))
    infer, token = rpc.stub(gateway.address), django_token("stop")

    def tokens(model: str) -> float:
        return gateway.metric("seseragi_model_tokens_total", model=model)

    def by_cancel(connection: h2raw.Connection, stream: h2raw.Stream) -> None:
        name = pb.InferReply.FromString(stream.messages[0]).opened.stream_id
        infer.Cancel(pb.CancelRequest(stream_id=name), metadata=bearer(token))

    def by_cut(connection: h2raw.Connection, stream: h2raw.Stream) -> None:
        connection.cut()

    def by_reset(connection: h2raw.Connection, stream: h2raw.Stream) -> None:
        connection.cancel(stream)

    prompts = {"seseragi-mini": JAPANESE, "echo": "x" * 500}
    for model, prompt in prompts.items():
        for name, stop in (("Cancel", by_cancel), ("RST_STREAM", by_reset), ("a lost connection", by_cut)):
            with report.check(f"{name} stops {model} within 100 ms") as figures:
                before = tokens(model)
                connection, stream = start(gateway, token, prompt=prompt, model=model)
                connection.until(lambda stream=stream: len(stream.messages) >= 6)
                stop(connection, stream)
                time.sleep(0.1)
                at_100_ms = tokens(model)
                time.sleep(0.5)
                later = tokens(model)
                figures.append(f"{at_100_ms - before:.0f} tokens made after 100 ms, {later - before:.0f} after 600 ms")
                equal(later, at_100_ms, "tokens")
                equal(gateway.metric("seseragi_model_jobs_active", model=model), 0, "jobs")
    gateway.stop()


def shutdown(report) -> None:
    """SIGTERM during fifty streams, half of them longer than the grace period."""
    gateway = Gateway(f"[streams]\nshutdown_grace_s = 3\n{DJANGO}" + echo("echo", 20))
    short, long = "短い流れ🌊" * 20, "長い流れ🐟" * 200
    crowd = Crowd(gateway, [short, long] * 15, "echo", channels=3)
    results: list[tuple[bool, rpc.Answer, web.Reply]] = []

    def over_http1(number: int) -> None:
        wire, prompt = (web.GRPC_WEB, web.CONNECT)[number % 2], (short, long)[number // 2 % 2]
        body = pb.StreamRequest(prompt=prompt, model="echo").SerializeToString()
        call, answer = web.Call(gateway.address, STREAM, body, django_token(f"http1-{number}"), wire), rpc.Answer()
        try:
            reply = call.read()
        except (HTTPException, OSError):
            # The body ended in the middle; the check says what is missing.
            reply = call.reply
        for message in reply.messages:
            answer.take(pb.InferReply.FromString(message))
        results.append((prompt == short, answer, reply))

    threads = [threading.Thread(target=over_http1, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    eventually(lambda: gateway.metric("seseragi_streams_active") == 50, "fifty streams", 20)
    time.sleep(0.5)
    began = time.monotonic()
    gateway.child.terminate()
    with report.check("SIGTERM: no new connections, and exit code 0 after the grace period") as figures:
        gateway.child.wait_for_line("draining", 5)

        def closed() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", gateway.port)) != 0

        eventually(closed, "the listener closes", 2)
        equal(gateway.child.exit_code(30), 0, "exit code")
        took = time.monotonic() - began
        figures.append(f"{took:.1f} s, of which 3 s grace")
        expect(2.5 < took < 13, f"it took {took:.1f} s")
    with report.check("SIGTERM: each of 50 streams has its terminal, short ones whole, long ones INTERRUPTED") as figures:
        answers = crowd.join()
        for thread in threads:
            thread.join(20)
        equal(len(results), 20, "streams over HTTP/1.1")
        for number, answer in enumerate(answers):
            if number % 2 == 0:
                answer.whole(short)
            else:
                answer.ended(pb.INTERRUPTED, long[: answer.applied])
                equal((answer.code, answer.terminal.code), (grpc.StatusCode.UNAVAILABLE, "shutdown"))
        for is_short, answer, reply in results:
            answer.ended(pb.STOP if is_short else pb.INTERRUPTED)
            equal(reply.code, "ok" if is_short else "unavailable", "status")
        figures.append("30 by gRPC, 10 by gRPC-Web, 10 by Connect")


def main(report) -> None:
    at_the_cap(report)
    cancellation(report)
    cut(report)
    many(report)
    stalled(report)
    shutdown(report)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    run(main)
