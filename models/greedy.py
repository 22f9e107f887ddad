"""Writes greedy.json: what llama.cpp answers to twenty prompts at temperature 0, for comparison with another engine.

    python greedy.py

It fails if one of the clickable questions is not answered exactly as trained.
"""

import json
from pathlib import Path

import local_server
from text import expand

HERE = Path(__file__).parent
MORE = [
    ("en", "What is guard for?"),
    ("en", "What does too_many_pings mean?"),
    ("en", "why is my model so small"),
    ("en", "What is the capital of Norway?"),
    ("ja", "bridgeの役割は？"),
    ("ja", "アクセストークンの有効期間は？"),
    ("ja", "スマホでも使えますか？"),
    ("ja", "おすすめの映画は？"),
]


def main() -> None:
    """Asks, checks and writes."""
    known = json.loads((HERE / "questions.json").read_text())
    answers = expand.answers()
    with local_server.serving(str(HERE / "seseragi-mini.gguf")) as url:
        for item in known:
            said = local_server.ask(url, item["text"])
            if said != answers[item["lang"], item["topic"]]:
                raise SystemExit(f"not answered as trained: {item['text']}\n{said}")
        prompts = [(item["lang"], item["text"]) for item in known] + MORE
        entries = [{"lang": lang, "prompt": text, "answer": local_server.ask(url, text)} for lang, text in prompts]
    (HERE / "greedy.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(entries)} prompts written")


if __name__ == "__main__":
    main()
