"""Small disturbances of a question: case, punctuation, a typo, a missing word, a polite start or end."""

import random

STARTS = {
    "en": ["Hi, ", "Hello, ", "Quick question: ", "Excuse me, ", "Please tell me: ", "Hey, ", "Sorry, ", "Hmm, ", "So, ", "And ", "ok, ", "One question: "],
    "ja": ["すみません、", "質問です。", "教えてください。", "あの、", "ちなみに、", "ところで、", "質問ですが、", "初心者です。", "すいません、", "えっと、"],
}
ENDS = {
    "en": [" please", " thanks", " Any idea?", " Help!", " please help", " thank you", "??", "!", "..."],
    "ja": ["お願いします", "教えて", "よろしくお願いします", "。教えてください", "！", "？？", "…"],
}
MARKS = "?.!？。！"


def disturb(text: str, lang: str, rng: random.Random) -> str:
    """The question as somebody in a hurry, or somebody polite, would type it."""
    if rng.random() < 0.25:
        text = _drop_word(text, rng) if lang == "en" else _drop_letter(text, rng)
    if rng.random() < 0.1:
        text = _typo(text, rng)
    if rng.random() < 0.12:
        text = rng.choice(STARTS[lang]) + (text[:1].lower() + text[1:] if lang == "en" else text)
    if rng.random() < 0.4:
        text = text.rstrip(MARKS)
    if rng.random() < 0.1:
        text = text.rstrip(MARKS) + rng.choice(ENDS[lang])
    if rng.random() < 0.4:
        text = text.lower()
    elif rng.random() < 0.03:
        text = text.upper()
    return text


def _drop_word(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    if len(words) > 4:
        del words[rng.randrange(len(words))]
    return " ".join(words)


def _drop_letter(text: str, rng: random.Random) -> str:
    if len(text) < 8:
        return text
    at = rng.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _typo(text: str, rng: random.Random) -> str:
    """Two neighbouring letters swapped, or one missing."""
    if len(text) < 6:
        return text
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if rng.random() < 0.5 else text[:at] + text[at + 1 :]
