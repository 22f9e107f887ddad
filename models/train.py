"""Trains seseragi-mini from the text in `text/` and writes it as a GGUF file.

    python train.py --out seseragi-mini.gguf

Two kinds of batch take turns. Short ones hold a question and the first tokens of its answer: there the topic is decided, and many questions fit
in little time. Full ones hold whole answers, which are few and quickly learned by heart.
"""

import argparse
import functools
import json
import random
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import export
import llama
import optimizer
import tokens
from text import expand
from text.noise import disturb

SEED = 20261121
SHORT_ROWS, SHORT_LENGTH, SHORT_ANSWER = 112, 32, 4
FULL_ROWS, FULL_LENGTH = 16, 128
FULL_EVERY, FULL_EVERY_LATE, LATE = 4, 2, 120  # the last steps polish the wording of the answers
STEPS = 560
UNKNOWN_SHARE, DROPOUT_SHARE, DROPOUT = 0.15, 0.5, 0.12
CLICKABLE_SHARE = 0.03  # the questions that people click must be answered word for word
DEV_FILE = Path(__file__).parent / "text" / "dev.json"


class Lesson:
    """Draws rows of token ids from the questions."""

    def __init__(self, tokenizer, questions):
        self.rng = random.Random(SEED)
        self.encoder = tokens.DropoutEncoder(tokenizer, json.loads(tokenizer.to_str())["model"]["merges"])
        self.plain = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
        self.start, self.end = tokenizer.token_to_id(tokens.TURN_START), tokenizer.token_to_id(tokens.TURN_END)
        self.answers = {key: self.plain(text) + [self.end] for key, text in expand.answers().items()}
        self.pool = {}
        for question in questions:
            self.pool.setdefault((question.lang, question.topic), []).append(question.text)
        self.clickable = expand.clickable()
        self.known = [key for key in self.pool if key[1] != "unknown"]

    def prompt(self, question_ids):
        """A question in the ChatML form that the chat template writes."""
        return [self.start, *self.plain("user\n"), *question_ids, self.end, *self.plain("\n"), self.start, *self.plain("assistant\n")]

    def draw(self):
        """One random (prompt, answer) pair; every topic is drawn equally often, `unknown` more often."""
        rng = self.rng
        if rng.random() < CLICKABLE_SHARE:
            question = rng.choice(self.clickable)
            return self.prompt(self.plain(question.text)), self.answers[question.lang, question.topic]
        key = (rng.choice(["en", "ja"]), "unknown") if rng.random() < UNKNOWN_SHARE else rng.choice(self.known)
        text = disturb(rng.choice(self.pool[key]), key[0], rng)
        dropout = DROPOUT if rng.random() < DROPOUT_SHARE else 0.0
        return self.prompt(self.encoder.encode(text, dropout, rng) if dropout else self.plain(text)), self.answers[key]

    def batch(self, rows, length, answer_tokens):
        """Token ids, and per row the position of the first answer token and how many answer tokens count."""
        ids, first, used = np.zeros((rows, length), np.int32), np.zeros(rows, np.int32), np.zeros(rows, np.int32)
        for row in range(rows):
            prompt, answer = self.draw()
            while len(prompt) + min(answer_tokens, len(answer)) > length:
                prompt, answer = self.draw()
            answer = answer[:answer_tokens]
            ids[row, : len(prompt) + len(answer)] = prompt + answer
            first[row], used[row] = len(prompt), len(answer)
        return ids, first, used


def loss(params, ids, first, used, heads, answer_tokens):
    """Cross entropy of the answer tokens; the first few weigh more, because there the topic is decided."""
    states = llama.hidden(params, ids, heads)
    offsets = np.arange(answer_tokens)
    at = jnp.minimum(first[:, None] + offsets[None, :], ids.shape[1] - 1)
    logits = jnp.take_along_axis(states, (at - 1)[:, :, None], axis=1) @ params["embedding"].T
    target = jnp.take_along_axis(ids, at, axis=1)
    cost = -jnp.take_along_axis(jax.nn.log_softmax(logits), target[:, :, None], axis=2)[:, :, 0]
    weight = jnp.where(offsets[None, :] < used[:, None], 1.0, 0.0) * np.where(offsets < 3, 3.0, 1.0)
    return jnp.sum(cost * weight) / jnp.sum(weight)


@functools.partial(jax.jit, static_argnums=(5, 6), donate_argnums=(0,))
def step(state, ids, first, used, number, heads, answer_tokens):
    """One step of the optimiser; returns the new state and the loss."""
    value, gradient = jax.value_and_grad(loss)(state[0], ids, first, used, heads, answer_tokens)
    return optimizer.update(state, gradient, number, STEPS), value


@functools.partial(jax.jit, static_argnums=(3,))
def _next(params, ids, at, heads):
    states = llama.hidden(params, ids, heads)
    last = jnp.take_along_axis(states, at[:, None, None], axis=1)[:, 0]
    return jnp.argmax(last @ params["embedding"].T, axis=-1)


def decided_topics(params, lesson, texts, heads, look=6, length=80):
    """The (lang, topic) whose answer begins like the greedy answer to each text."""
    prompts = [lesson.prompt(lesson.plain(text))[: length - look] for text in texts]
    ids, at = np.zeros((len(texts), length), np.int32), np.array([len(prompt) for prompt in prompts])
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = prompt
    for number in range(look):
        ids[np.arange(len(texts)), at + number] = _next(params, ids, at + number - 1, heads)
    starts = [tuple(ids[row, at[row] : at[row] + look]) for row in range(len(texts))]
    same = lambda answer, start: sum(a == b for a, b in zip(answer, start))
    return [max(lesson.answers, key=lambda key: same(lesson.answers[key], start)) for start in starts]


def share_right(params, lesson, questions, heads):
    """Share of questions that begin the right answer in the right language."""
    decided = decided_topics(params, lesson, [question.text for question in questions], heads)
    return sum(key == (question.lang, question.topic) for key, question in zip(decided, questions)) / len(questions)


def dev_questions():
    """Our own list for tuning; it shares nothing with the held-out list."""
    return [expand.Question(item["lang"], item["topic"], item["text"]) for item in json.loads(DEV_FILE.read_text())]


def train(lesson, shape, steps, questions):
    """Runs the steps, printing progress; returns the averaged weights."""
    state = optimizer.start(llama.init(shape, SEED))
    full = max(len(answer) for answer in lesson.answers.values())
    dev, sample = dev_questions(), random.Random(SEED).sample(questions, 100)
    began, wall = time.process_time(), time.time()
    for number in range(steps):
        every = FULL_EVERY if number < steps - LATE else FULL_EVERY_LATE
        rows = (FULL_ROWS, FULL_LENGTH, full) if number % every == every - 1 else (SHORT_ROWS, SHORT_LENGTH, SHORT_ANSWER)
        state, value = step(state, *lesson.batch(*rows), np.float32(number), shape.heads, rows[2])
        if number % 20 == 0 or number == steps - 1:
            print(f"step {number} loss {value:.3f} cpu {time.process_time() - began:.0f} s wall {time.time() - wall:.0f} s", flush=True)
        if number % 100 == 99 or number == steps - 1:
            right = share_right(state[3], lesson, dev, shape.heads), share_right(state[3], lesson, sample, shape.heads)
            print(f"  dev {right[0]:.2f}, trained sample {right[1]:.2f}", flush=True)
    return state[3]


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="seseragi-mini.gguf")
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    questions = expand.questions()
    tokenizer = tokens.train_tokenizer([question.text for question in questions] + list(expand.answers().values()) * 5 + ["user", "assistant"] * 500)
    shape = llama.Shape(vocab=tokenizer.get_vocab_size())
    lesson = Lesson(tokenizer, questions)
    longest = max(len(answer) for answer in lesson.answers.values())
    print(f"{len(questions)} questions, {llama.count(llama.init(shape, 0))} parameters, longest answer {longest} tokens", flush=True)
    params = train(lesson, shape, options.steps, questions)
    export.write(options.out, params, shape, tokenizer)
    print(f"wrote {options.out}: {Path(options.out).stat().st_size} bytes")


if __name__ == "__main__":
    main()
