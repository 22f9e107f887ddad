"""How often the shipped model, in the gateway and greedy, answers held-out questions on the right topic.

Prints totals only: nobody should tune the text to single held-out questions.
"""

import json
import os
import sys
from collections import Counter

from peers import rpc
from peers.checks import equal, expect, run
from peers.gateway import DJANGO, Gateway, django_token
from peers.processes import ROOT
from peers.rpc import pb

MODELS = ROOT / "models"
sys.path.insert(0, str(MODELS))
import eval as judging  # noqa: E402 models/eval.py: the judge

LEAST = 0.60


def group(item: dict) -> str:
    return "off-topic" if item["topic"] == "unknown" else item["lang"]


def main(report) -> None:
    items = json.loads((MODELS / "heldout.json").read_text())
    gateway = Gateway(DJANGO + "[[models]]\nname = 'seseragi-mini'\nruntime = 'embedded'\ntokens_per_second = 0\n")
    infer, greedy = rpc.stub(gateway.address), pb.Sampling(temperature=0, max_tokens=120)
    with report.check("every held-out question is answered") as figures:
        answers = [rpc.ask(infer, django_token(), item["text"], sampling=greedy) for item in items]
        for answer in answers:
            expect(answer.terminal and answer.text, f"no answer: {answer.code} {answer.details}")
        figures.append(f"{len(items)} questions")
    right, total = Counter(), Counter()
    for item, answer in zip(items, answers, strict=True):
        found = judging.judge(answer.text)
        total[group(item)] += 1
        right[group(item)] += bool(found and found[1] == item["topic"])
    with report.check(f"the share on the right topic is at least {LEAST:.0%}") as figures:
        share = right.total() / total.total()
        figures.append(f"overall {right.total()}/{total.total()} = {share:.0%}")
        figures += [f"{name} {right[name]}/{total[name]} = {right[name] / total[name]:.0%}" for name in ("en", "ja", "off-topic")]
        expect(share >= LEAST, f"only {share:.0%}")
    equal(gateway.stop(), 0, "exit code")


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    run(main)
