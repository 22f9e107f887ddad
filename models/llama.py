"""A small Llama in JAX: RMS norm, rotary positions on adjacent pairs, SwiGLU, tied embeddings."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

NORM_EPS = 1e-5
ROPE_BASE = 10000.0


class Shape(NamedTuple):
    """Sizes of the model. Every row length must be a multiple of 32, the block of Q8_0."""

    vocab: int = 2048
    width: int = 192
    layers: int = 4
    heads: int = 6
    hidden: int = 512


def init(shape: Shape, seed: int) -> dict:
    """Random weights; `w_*` are stored as (in, out)."""
    rng = np.random.default_rng(seed)

    def matrix(rows, columns, gain=1.0):
        return (rng.standard_normal((rows, columns)) * gain / np.sqrt(rows)).astype(np.float32)

    d, f, out = shape.width, shape.hidden, 1 / np.sqrt(2 * shape.layers)
    layer = lambda: {
        "norm_attn": np.ones(d, np.float32), "wq": matrix(d, d), "wk": matrix(d, d), "wv": matrix(d, d), "wo": matrix(d, d, out),
        "norm_ffn": np.ones(d, np.float32), "gate": matrix(d, f), "up": matrix(d, f), "down": matrix(f, d, out),
    }  # fmt: skip
    embedding = (rng.standard_normal((shape.vocab, d)) * 0.05).astype(np.float32)
    return {"embedding": embedding, "layers": [layer() for _ in range(shape.layers)], "norm": np.ones(d, np.float32)}


def count(params: dict) -> int:
    """Number of parameters."""
    return sum(leaf.size for leaf in jax.tree.leaves(params))


def _norm(x, weight):
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + NORM_EPS) * weight


def _rotate(x, cos, sin):
    even, odd = x[..., 0::2], x[..., 1::2]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)


def _attention(x, layer, heads, cos, sin, mask):
    batch, length, width = x.shape
    split = lambda y: y.reshape(batch, length, heads, width // heads).transpose(0, 2, 1, 3)
    q, k, v = _rotate(split(x @ layer["wq"]), cos, sin), _rotate(split(x @ layer["wk"]), cos, sin), split(x @ layer["wv"])
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(width // heads) + mask
    y = jax.nn.softmax(scores, axis=-1) @ v
    return y.transpose(0, 2, 1, 3).reshape(batch, length, width) @ layer["wo"]


def hidden(params: dict, ids, heads: int):
    """Final hidden states of a batch of token ids, shape (batch, length, width)."""
    length, size = ids.shape[1], params["embedding"].shape[1] // heads
    angles = np.outer(np.arange(length), ROPE_BASE ** (-np.arange(0, size, 2) / size))
    cos, sin = jnp.asarray(np.cos(angles), jnp.float32), jnp.asarray(np.sin(angles), jnp.float32)
    mask = jnp.where(np.tril(np.ones((length, length), bool)), 0.0, -1e9)
    x = params["embedding"][ids]
    for layer in params["layers"]:
        x = x + _attention(_norm(x, layer["norm_attn"]), layer, heads, cos, sin, mask)
        y = _norm(x, layer["norm_ffn"])
        x = x + (jax.nn.silu(y @ layer["gate"]) * (y @ layer["up"])) @ layer["down"]
    return _norm(x, params["norm"])
