"""Runs the model file in llama.cpp's own HTTP server (PyPI `xllamacpp`) and asks an OpenAI-style server greedy questions."""

import contextlib
import json
import socket
import time
import urllib.error
import urllib.request

MAX_TOKENS = 120


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(model: str):
    """Serves `model` on 127.0.0.1 for the length of the block; yields the address of its OpenAI-style API."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_parallel, params.n_ctx, params.kv_unified = 1, 1024, True
    params.hostnames, params.port = ["127.0.0.1"], free_port()
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.use_jinja, params.warmup, params.fit_params = True, False, False
    server = xllamacpp.Server(params)
    url = f"http://127.0.0.1:{params.port}"
    _wait_until_ready(url)
    yield f"{url}/v1"
    del server


def ask(url: str, text: str, history: list | None = None) -> str:
    """The greedy answer to one question."""
    messages = [*(history or []), {"role": "user", "content": text}]
    reply = _post(f"{url}/chat/completions", {"messages": messages, "temperature": 0, "max_tokens": MAX_TOKENS, "cache_prompt": False})
    return reply["choices"][0]["message"]["content"] or ""


def _post(url: str, body: dict) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as reply:
        return json.load(reply)


def _wait_until_ready(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{url}/health", timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError("the model server did not start")
