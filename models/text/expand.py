"""Turns the hand-written patterns into the list of trained questions.

Everything is drawn with fixed seeds, so the list is the same on every machine. Breadth of phrasing is what lets so small a model recognise a
question that it has not seen; the templates also run over off-topic nouns, so that the words decide the topic and not the template.
"""

import itertools
import json
import math
import random
import re
import zlib
from pathlib import Path
from typing import NamedTuple

from . import about, access, errors, keys, more, streams, talk, unknown

EN_TEMPLATES = """
{k}
{k}?
{k}
what about {k}?
What about {k}
Tell me about {k}.
tell me more about {k}
Please explain {k}.
explain {k} to me
Can you explain {k}?
I have a question about {k}
I don't understand {k}
help with {k}
Can you help me with {k}?
I need help with {k}.
What should I know about {k}?
What do you know about {k}?
How about {k}?
something about {k}
how does {k} work?
How does this work with {k}?
I have a problem with {k}.
problem with {k}
trouble with {k}, what now?
{k} - what is that?
What is {k}?
what's {k}
Describe {k}.
give me details on {k}
more information on {k} please
I want to know more about {k}
Where can I read about {k}?
Any advice on {k}?
I am confused by {k}
{k} explained
is there something to know about {k}?
{k}, please
I wonder about {k}
What is the story with {k}?
say something about {k}
why {k}?
I was wondering about {k}
Regarding {k}: what can you tell me?
{k}. What should I do?
{k}, what does that mean?
In production, what about {k}?
Why do I see {k}?
Does Seseragi handle {k}?
What causes {k}?
How should I deal with {k}?
What's the matter with {k}?
my colleague asked about {k}
is {k} a problem?
What is the responsibility of {k}?
what can you say about {k}, in short?
could you go into {k} for a minute
so, {k}?
Can you tell me anything on {k}
Somebody asked me about {k} and I had no answer
I would like to understand {k} better
just a question on {k}
any news about {k}
""".strip().splitlines()

JA_TEMPLATES = """
{k}
{k}？
{k}について
{k}について教えて
{k}について教えてください
{k}とは
{k}とは何ですか？
{k}って何？
{k}を説明して
{k}を説明してください。
{k}がわかりません
{k}がわからない
{k}のことを知りたい
{k}について知りたいです
{k}はどうなっていますか？
{k}はどうなる？
{k}で困っています
{k}に関する質問です
{k}についての説明をお願いします
{k}はどういうこと？
{k}は？
{k}を詳しく
{k}のことを教えて
{k}ってどういうもの？
{k}はどうすればいい？
{k}の話をして
{k}って大丈夫？
{k}はなぜ？
{k}の原因は？
{k}への対処は？
{k}の理由を教えて
{k}が気になります
{k}に困っているのですが
{k}をもう少し詳しく教えて
{k}とは一体何でしょうか
{k}について一言で
{k}、どう考えればいい？
{k}について質問があります
{k}はどうしたらいいですか
{k}の担当は何？
""".strip().splitlines()

EN_PER_LINE, JA_PER_LINE = 6, 8
PER_LINE = {"unknown": 14, "greeting": 24, "who": 14}  # topics with few but wide patterns
EN_PER_KEY, JA_PER_KEY = 6, 6
PER_NOUN = 3


CLICKABLE = Path(__file__).parent.parent / "questions.json"


class Question(NamedTuple):
    """One trained question."""

    lang: str
    topic: str
    text: str


def topics() -> dict:
    """All topics with answers and patterns, in a fixed order."""
    merged = {}
    for module in (about, streams, errors, access, talk, unknown):
        merged.update(module.TOPICS)
    return merged


def answers() -> dict:
    """(lang, topic) -> the one answer text."""
    return {(lang, name): topic[f"{lang}_answer"] for name, topic in topics().items() for lang in ("en", "ja")}


def unfold(line: str, count: int, rng: random.Random) -> list[str]:
    """Up to `count` different readings of a line with `{a|b|}` alternatives."""
    parts = [part[1:-1].split("|") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", line)]
    if math.prod(len(part) for part in parts) <= count:
        readings = ["".join(choice) for choice in itertools.product(*parts)]
    else:
        readings = list({"".join(rng.choice(part) for part in parts): None for _ in range(4 * count)})[:count]
    return [re.sub(r"\s+", " ", reading).strip() for reading in readings]


def lines(block: str) -> list[str]:
    """The non-empty lines of a block of text."""
    return [line.strip() for line in block.splitlines() if line.strip()]


def split(block: str) -> list[str]:
    """The entries of a block that are separated by semicolons."""
    return [entry.strip() for entry in block.replace("\n", " ").split(";") if entry.strip()]


def key_questions(phrases: list[str], templates: list[str], count: int, rng: random.Random) -> list[str]:
    """Each phrase in `count` of the generic templates."""
    return [template.replace("{k}", phrase) for phrase in phrases for template in rng.sample(templates, count)]


def topic_questions(name: str, topic: dict, lang: str) -> list[str]:
    """All question texts of one topic in one language, without repeats."""
    rng = random.Random(zlib.crc32(f"{name}/{lang}".encode()))
    english = lang == "en"
    per_line = PER_LINE.get(name, EN_PER_LINE if english else JA_PER_LINE)
    patterns = lines(topic[lang]) + lines(more.MORE[name][lang])
    found = [text for line in patterns for text in unfold(line, per_line, rng)]
    templates = EN_TEMPLATES if english else JA_TEMPLATES
    extra = split(keys.KEYS[name][0 if english else 1])
    phrases = lines(topic.get(f"{lang}_keys", "")) + (extra if name != "unknown" else [])
    nouns = split(topic.get(f"{lang}_nouns", "")) + (extra if name == "unknown" else [])
    found += key_questions(phrases, templates, EN_PER_KEY if english else JA_PER_KEY, rng)
    found += key_questions(nouns, templates, PER_NOUN, rng)
    return list(dict.fromkeys(found))


def clickable() -> list[Question]:
    """The questions that a page offers to click."""
    return [Question(**item) for item in json.loads(CLICKABLE.read_text())]


def questions() -> list[Question]:
    """The whole list of trained questions, the clickable ones included."""
    unfolded = [
        Question(lang, name, text) for name, topic in topics().items() for lang in ("en", "ja") for text in topic_questions(name, topic, lang)
    ]
    return list(dict.fromkeys(clickable() + unfolded))
