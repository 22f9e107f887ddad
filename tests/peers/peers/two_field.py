"""A client of the original contract: it knows `prompt` and `delta`, and nothing else.

A process of its own, because both contracts have the same names. Reads JSON requests, one per line, and answers each
with one line: {"text", "code", "details", "deltas"}.
"""

import importlib
import json
import sys

import grpc
from grpc_tools import protoc

from .processes import folder

CONTRACT = """
syntax = "proto3";
package infer;
service Infer { rpc Stream(StreamRequest) returns (stream InferReply); }
message StreamRequest { string prompt = 1; }
message InferReply { string delta = 1; }
"""


def stubs() -> tuple:
    out = folder("two-field")
    (out / "classic.proto").write_text(CONTRACT)
    assert protoc.main(["protoc", f"-I{out}", f"--python_out={out}", f"--grpc_python_out={out}", "classic.proto"]) == 0
    sys.path.insert(0, str(out))
    return importlib.import_module("classic_pb2"), importlib.import_module("classic_pb2_grpc")


def answer(pb, infer, request: dict) -> dict:
    metadata = [("authorization", f"Bearer {request['token']}")] if request.get("token") else []
    deltas, code, details = [], "OK", ""
    try:
        for reply in infer.Stream(pb.StreamRequest(prompt=request["prompt"]), metadata=metadata, timeout=60):
            deltas.append(reply.delta)
    except grpc.RpcError as error:
        code, details = error.code().name, error.details()
    return {"text": "".join(deltas), "code": code, "details": details, "deltas": len([d for d in deltas if d])}


def main() -> None:
    pb, services = stubs()
    infer = None
    for line in sys.stdin:
        request = json.loads(line)
        infer = services.InferStub(grpc.insecure_channel(request["address"]))
        print(json.dumps(answer(pb, infer, request)), flush=True)


if __name__ == "__main__":
    main()
