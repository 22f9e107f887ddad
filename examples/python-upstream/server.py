"""A model server in twenty lines: it knows `prompt` and `delta`, and Seseragi does the rest."""

import asyncio
import sys

import grpc

protos, services = grpc.protos_and_services("infer.proto")


class Infer(services.InferServicer):
    async def Stream(self, request, context):
        for word in f"You asked: {request.prompt} さらさら 🌊".split(" "):
            yield protos.InferReply(delta=word + " ")
            await asyncio.sleep(0.05)  # your model works here


async def main(port: str) -> None:
    server = grpc.aio.server()
    services.add_InferServicer_to_server(Infer(), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    print(f"listening on 127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "50051"))
