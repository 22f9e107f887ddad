"""Measures how often the model answers on the right topic.

    python eval.py --heldout heldout.json                                    # runs seseragi-mini.gguf in llama.cpp
    python eval.py --heldout heldout.json --url http://127.0.0.1:8000/v1     # any OpenAI-style server
    python eval.py --heldout heldout.json --answers answers.json             # answers made elsewhere, in the order of the list
    python eval.py --trained 400                                             # a sample of the trained questions instead

Only totals are printed, never a question: nobody should tune the text to single held-out questions.
"""

import argparse
import contextlib
import difflib
import json
import random
import re
from collections import Counter
from pathlib import Path

import local_server
from text import expand

HERE = Path(__file__).parent
LIKE_AN_ANSWER = 0.5  # below this an answer counts as no topic at all
WORD_RUN, LETTER_RUN = 4, 8


def judge(answer: str) -> tuple[str, str] | None:
    """(lang, topic) of the trained answer that is nearest to `answer`."""
    ratio = lambda text: difflib.SequenceMatcher(None, answer, text, autojunk=False).ratio()
    best, key = max((ratio(text), key) for key, text in expand.answers().items())
    return key if best >= LIKE_AN_ANSWER else None


def runs(text: str, lang: str) -> set:
    """All runs of four words (English) or of eight characters without spaces (Japanese)."""
    if lang == "en":
        words, size = re.findall(r"[a-z0-9_']+", text.lower()), WORD_RUN
    else:
        words, size = re.sub(r"[\s?.!？。！、]", "", text.lower()), LETTER_RUN
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def shares_a_run(items: list[dict]) -> list[bool]:
    """For each held-out question: does a trained question contain one of its runs?"""
    trained = {"en": set(), "ja": set()}
    for question in expand.questions():
        trained[question.lang] |= runs(question.text, question.lang)
    return [bool(runs(item["text"], item["lang"]) & trained[item["lang"]]) for item in items]


def sample(count: int) -> list[dict]:
    """Some trained questions, always the same ones."""
    return [question._asdict() for question in random.Random(0).sample(expand.questions(), count)]


def groups(item: dict) -> list[str]:
    """The rows of the report in which an item counts."""
    kind = "off-topic" if item["topic"] == "unknown" else "on-topic"
    return ["all", kind, f"{item['lang']} on-topic" if kind == "on-topic" else f"{item['lang']} off-topic", f"topic {item['topic']}"]


def report(items: list[dict], answers: list[str]) -> None:
    """Prints the totals."""
    overlap = shares_a_run(items)
    right, total, language, violations = Counter(), Counter(), 0, Counter()
    for item, answer, shared in zip(items, answers, overlap, strict=True):
        key = judge(answer)
        rows = groups(item) + ([] if shared else ["without a shared run"])
        total.update(rows)
        right.update(rows if key and key[1] == item["topic"] else [])
        language += bool(key and key[0] == item["lang"])
        violations.update([f"{item['topic']}/{item['lang']}"] if shared else [])
    for row in sorted(total, key=lambda row: (row.startswith("topic"), row)):
        print(f"{row}: {right[row]}/{total[row]} = {right[row] / total[row]:.0%}")
    print(f"answered in the language of the question: {language}/{len(items)}")
    print(f"questions that share a run with a trained one: {sum(violations.values())} {dict(sorted(violations.items()))}")


def report_trained(items: list[dict], answers: list[str]) -> None:
    """Prints how many trained questions get the right topic, and how many the trained answer word for word."""
    exact = sum(answer == expand.answers()[item["lang"], item["topic"]] for item, answer in zip(items, answers, strict=True))
    topic = sum((judge(answer) or ("", ""))[1] == item["topic"] for item, answer in zip(items, answers, strict=True))
    print(f"trained questions: {topic}/{len(items)} on the right topic, {exact}/{len(items)} word for word")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heldout", default=str(HERE / "heldout.json"))
    parser.add_argument("--model", default=str(HERE / "seseragi-mini.gguf"))
    parser.add_argument("--url", help="base address of an OpenAI-style API, ending in /v1")
    parser.add_argument("--answers", help="JSON list of answers in the order of the questions")
    parser.add_argument("--trained", type=int, metavar="N", help="ask N of the trained questions instead")
    options = parser.parse_args()
    items = sample(options.trained) if options.trained else json.loads(Path(options.heldout).read_text())
    if options.answers:
        answers = json.loads(Path(options.answers).read_text())
    else:
        place = contextlib.nullcontext(options.url) if options.url else local_server.serving(options.model)
        with place as url:
            answers = [local_server.ask(url, item["text"]) for item in items]
    (report_trained if options.trained else report)(items, answers)


if __name__ == "__main__":
    main()
