"""Python grpcio as a client: stubs made here from proto/infer.proto, and what an answer looked like."""

import importlib
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from grpc_status import rpc_status
from grpc_tools import protoc

from .checks import equal, expect
from .crc32c import crc32c
from .processes import ROOT

LARGE = [("grpc.max_receive_message_length", 16 << 20), ("grpc.max_send_message_length", 16 << 20)]


def generated(proto: Path) -> tuple:
    """The message and the service module of a .proto file, made by grpcio-tools."""
    # Not kept: what is imported needs its file no more, and a process that is killed would leave it behind.
    with tempfile.TemporaryDirectory(prefix="seseragi-stubs-") as out:
        code = protoc.main(["protoc", f"-I{proto.parent}", f"--python_out={out}", f"--grpc_python_out={out}", str(proto)])
        assert code == 0, f"protoc: {code}"
        sys.path.insert(0, out)
        modules = [importlib.import_module(proto.stem + suffix) for suffix in ("_pb2", "_pb2_grpc")]
        sys.path.remove(out)
    return tuple(modules)


pb, pb_grpc = generated(ROOT / "proto" / "infer.proto")


def bearer(token: str | None) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {token}")] if token is not None else []


def stub(address: str):
    """A stub on a connection of its own."""
    options = [*LARGE, ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
    return pb_grpc.InferStub(grpc.insecure_channel(address, options=options))


@dataclass
class Answer:
    """Everything that one stream brought, applied by the resume rule: contiguous or it fails."""

    applied: int = 0
    texts: list[str] = field(default_factory=list)
    runs: list[tuple[int, int]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    opened: object = None
    terminal: object = None
    terminal_seq: int = 0
    detached: object = None
    heartbeats: int = 0
    checkpoints: int = 0
    frames: int = 0
    code: grpc.StatusCode | None = None
    details: str = ""
    reason: str = ""

    def take(self, reply) -> None:
        """One frame."""
        self.frames += 1
        expect(self.terminal is None and self.detached is None, "a frame after the last one")
        if reply.HasField("opened"):
            expect(self.opened is None and self.frames == 1, "opened is not the first frame")
            self.opened = reply.opened
        elif reply.HasField("terminal"):
            equal((reply.first_seq, reply.last_seq), (self.applied + 1,) * 2, "position of the terminal")
            self.terminal, self.terminal_seq = reply.terminal, reply.last_seq
        elif reply.HasField("detached"):
            self.detached = reply.detached
        elif reply.HasField("checkpoint"):
            self.checkpoints += 1
            equal(reply.checkpoint.seq, self.applied, "position of a checkpoint")
        elif reply.HasField("heartbeat"):
            self.heartbeats += 1
        else:
            expect(reply.delta, "a frame without anything in it")
            equal(reply.first_seq, self.applied + 1, "first_seq (contiguous)")
            expect(reply.last_seq >= reply.first_seq, "last_seq before first_seq")
            self.applied = reply.last_seq
            self.texts.append(reply.delta)
            self.runs.append((reply.first_seq, reply.last_seq))
            self.times.append(time.monotonic())

    def failed(self, error: grpc.RpcError) -> None:
        """How the call ended, where it did not end with OK."""
        self.code, self.details = error.code(), error.details() or ""
        self.reason = reason_of(error)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def whole(self, text: str | None = None) -> "Answer":
        """Fails unless this is a complete, checked answer that ended well."""
        equal(self.code, grpc.StatusCode.OK, f"status ({self.details})")
        return self.ended(pb.STOP, text)

    def ended(self, finish: int, text: str | None = None) -> "Answer":
        """Fails unless it has exactly one terminal of this kind that fits the text."""
        expect(self.opened is not None, "opened is missing")
        expect(self.terminal is not None, f"the terminal is missing (status {self.code}, {self.details})")
        equal(pb.Finish.Name(self.terminal.finish), pb.Finish.Name(finish), "finish")
        if self.opened.resumed_after == 0:
            data = self.text.encode()
            equal(self.terminal.utf8_len, len(data), "utf8_len")
            equal(self.terminal.crc32c, crc32c(data), "crc32c")
        if text is not None:
            equal(self.text, text, "text")
        return self


def reason_of(error: grpc.RpcError) -> str:
    """The `ErrorInfo.reason` of a failed call. Checks that trailer and details say the same."""
    from google.rpc import error_details_pb2

    try:
        status = rpc_status.from_call(error)
    except NotImplementedError:
        return ""
    info = error_details_pb2.ErrorInfo()
    found = [detail for detail in (status.details if status else []) if detail.Unpack(info)]
    return info.reason if found else ""


def read(call, stop_after: int | None = None) -> Answer:
    """Reads a stream to its end, or until so many positions are applied; then leaves it as it is."""
    answer = Answer()
    try:
        for reply in call:
            answer.take(reply)
            if stop_after is not None and answer.applied >= stop_after:
                return answer
        answer.code = grpc.StatusCode.OK
    except grpc.RpcError as error:
        answer.failed(error)
    return answer


def ask(infer, token: str | None, prompt: str = "", timeout: float | None = 60, **fields: object) -> Answer:
    """Stream, read to its end. `fields` are those of StreamRequest."""
    return read(infer.Stream(pb.StreamRequest(prompt=prompt, **fields), metadata=bearer(token), timeout=timeout))


def refused(call) -> tuple[grpc.StatusCode, str, str]:
    """Status, message and reason of a call that must fail."""
    try:
        got = call()
        got = got.__class__.__name__ if not hasattr(got, "__next__") else [reply for reply in got]
    except grpc.RpcError as error:
        return error.code(), error.details() or "", reason_of(error)
    raise AssertionError(f"not refused: {got}")


KEEP = pb.Delivery(on_disconnect=pb.KEEP, grace_ms=20_000)
