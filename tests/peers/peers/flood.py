"""A model server that answers "BYTES" with so many bytes of numbered deltas, as fast as they are taken."""

import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

from .rpc import pb, pb_grpc

DELTA_BYTES = 256


def delta(number: int) -> str:
    """Tells its number, so that nothing can be lost, doubled or swapped unseen."""
    return f"{number:>{DELTA_BYTES}}"


def text(size: int) -> str:
    """The whole answer."""
    return "".join(delta(number) for number in range(size // DELTA_BYTES))


class Flood(pb_grpc.InferServicer):
    def Stream(self, request, context):
        for number in range(int(request.prompt) // DELTA_BYTES):
            yield pb.InferReply(delta=delta(number))


def main() -> None:
    server = grpc.server(ThreadPoolExecutor(4))
    pb_grpc.add_InferServicer_to_server(Flood(), server)
    server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
    server.start()
    print("listening", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
