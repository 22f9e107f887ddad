"""The shipped model in this program and in the real llama.cpp: the same greedy text on twenty prompts."""

import json
import os
import sys
import time

from peers import rpc
from peers.checks import equal, expect, run
from peers.gateway import DJANGO, Gateway, django_token
from peers.processes import ROOT, Child
from peers.rpc import pb

MODELS = ROOT / "models"
sys.path.insert(0, str(MODELS))
import local_server  # noqa: E402 the models' own helper

# A process of its own: llama.cpp logs to the standard output of its process.
SERVE = "import sys, time, local_server\nwith local_server.serving(sys.argv[1]) as url:\n    print('url', url, flush=True)\n    time.sleep(3600)\n"


def prompts() -> list[str]:
    """Those of greedy.json, or else the questions that people click and those that greedy.py adds."""
    if (MODELS / "greedy.json").exists():
        return [item["prompt"] for item in json.loads((MODELS / "greedy.json").read_text())]
    import greedy

    return [item["text"] for item in json.loads((MODELS / "questions.json").read_text())] + [text for _, text in greedy.MORE]


def main(report) -> None:
    peer = Child([sys.executable, "-c", SERVE, MODELS / "seseragi-mini.gguf"], cwd=MODELS)
    pace = "[[models]]\nname = 'seseragi-mini'\nruntime = 'embedded'\ntokens_per_second = 0\n"
    gateway = Gateway(DJANGO + pace)
    infer = rpc.stub(gateway.address)
    url = peer.wait_for_line("url http").split()[-1]
    greedy = pb.Sampling(temperature=0, max_tokens=local_server.MAX_TOKENS)
    times, characters = [0.0, 0.0], 0
    asked = prompts()
    for prompt in asked:
        with report.check(f"{prompt}") as figures:
            began = time.monotonic()
            answer = rpc.ask(infer, django_token(), prompt, sampling=greedy)
            halfway = time.monotonic()
            theirs = local_server.ask(url, prompt)
            times = [times[0] + halfway - began, times[1] + time.monotonic() - halfway]
            equal(answer.text.strip(), theirs.strip(), "text (found: ours, wanted: llama.cpp's)")
            expect(answer.text, "the answer is empty")
            characters += len(answer.text)
            figures.append(f"{len(answer.text)} characters")
    print(f"{len(asked)} prompts, {characters} characters; ours took {times[0]:.1f} s, llama.cpp {times[1]:.1f} s", flush=True)
    with report.check("there were twenty prompts, and the gateway stops with exit code 0"):
        expect(len(asked) >= 20, f"only {len(asked)} prompts")
        equal(gateway.stop(), 0)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    run(main)
