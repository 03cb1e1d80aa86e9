"""A small Transformer in JAX: training, and handing its weights to CTranslate2.

The architecture is that of "Attention is all you need" with the norm before each part
(pre-norm), one table of embeddings for source, target and output, and sinusoidal positions.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

PAD, UNKNOWN, BEGIN, END = "<blank>", "<unk>", "<s>", "</s>"
SPECIAL = (PAD, UNKNOWN, BEGIN, END)
POSITIONS = 512
_SMOOTHING = 0.1
_SIZES = (16, 24, 32, 48, 64)

Weights = dict[str, Any]
Pair = tuple[list[int], list[int]]


@dataclass(frozen=True)
class Shape:
    """How large a network is: layers, width, width of the inner layer, heads."""

    encoder: int = 3
    decoder: int = 2
    width: int = 128
    inner: int = 384
    heads: int = 4


def positions(width: int) -> np.ndarray:
    """Sinusoidal encodings of places."""
    rate = np.exp(-np.log(10000.0) * np.arange(0, width, 2) / width)
    angle = np.arange(POSITIONS)[:, None] * rate[None, :]
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)


def _parts(shape: Shape) -> Iterator[tuple[str, str]]:
    """The name and kind of every part of the network."""
    for layer in range(shape.encoder):
        yield f"e{layer}.self", "attention"
        yield f"e{layer}.ffn", "ffn"
    for layer in range(shape.decoder):
        yield f"d{layer}.self", "attention"
        yield f"d{layer}.cross", "attention"
        yield f"d{layer}.ffn", "ffn"


def begin(shape: Shape, words: int, seed: int) -> Weights:
    """Random weights (Glorot); every matrix maps its last axis, `y = W x + b`."""
    chance = np.random.default_rng(seed)

    def matrix(out: int, into: int) -> np.ndarray:
        return chance.normal(0, (2 / (out + into)) ** 0.5, (out, into)).astype(np.float32)

    width, inner = shape.width, shape.inner
    weights: Weights = {"words": chance.normal(0, width**-0.5, (words, width)).astype(np.float32)}
    weights["bias"] = np.zeros(words, np.float32)
    names = [*(f"{name}.norm" for name, _ in _parts(shape)), "e.norm", "d.norm"]
    for name in names:
        weights[f"{name}.gamma"] = np.ones(width, np.float32)
        weights[f"{name}.beta"] = np.zeros(width, np.float32)
    for name, kind in _parts(shape):
        sizes = {"q": (width, width), "k": (width, width), "v": (width, width), "o": (width, width)}
        if kind == "ffn":
            sizes = {"in": (inner, width), "out": (width, inner)}
        for part, size in sizes.items():
            weights[f"{name}.{part}"] = matrix(*size)
            weights[f"{name}.{part}.b"] = np.zeros(size[0], np.float32)
    return weights


def _forward(shape: Shape, w: Weights, source: Any, target: Any) -> Any:
    """The logits of a batch; word 0 is padding."""
    import jax
    import jax.numpy as jnp

    places = jnp.asarray(positions(shape.width))

    def norm(name: str, x: Any) -> Any:
        mean = x.mean(-1, keepdims=True)
        spread = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) / jnp.sqrt(spread + 1e-5) * w[f"{name}.gamma"] + w[f"{name}.beta"]

    def linear(name: str, x: Any) -> Any:
        return x @ w[name].T + w[f"{name}.b"]

    def split(x: Any) -> Any:
        return x.reshape(*x.shape[:2], shape.heads, -1).transpose(0, 2, 1, 3)

    def attention(name: str, x: Any, memory: Any, mask: Any) -> Any:
        q, k, v = (
            split(linear(f"{name}.{p}", y)) for p, y in zip("qkv", (x, memory, memory), strict=True)
        )
        scores = q @ k.transpose(0, 1, 3, 2) / (q.shape[-1] ** 0.5)
        mixed = jax.nn.softmax(jnp.where(mask, scores, -1e9)) @ v
        return linear(f"{name}.o", mixed.transpose(0, 2, 1, 3).reshape(x.shape))

    def ffn(name: str, x: Any) -> Any:
        return linear(f"{name}.out", jax.nn.relu(linear(f"{name}.in", norm(f"{name}.norm", x))))

    def embed(ids: Any) -> Any:
        return w["words"][ids] * shape.width**0.5 + places[: ids.shape[1]]

    seen = (source > 0)[:, None, None, :]
    x = embed(source)
    for layer in range(shape.encoder):
        y = norm(f"e{layer}.self.norm", x)
        x = x + attention(f"e{layer}.self", y, y, seen)
        x = x + ffn(f"e{layer}.ffn", x)
    memory = norm("e.norm", x)
    before = jnp.tril(jnp.ones((target.shape[1], target.shape[1]), bool))[None, None]
    x = embed(target)
    for layer in range(shape.decoder):
        y = norm(f"d{layer}.self.norm", x)
        x = x + attention(f"d{layer}.self", y, y, before)
        x = x + attention(f"d{layer}.cross", norm(f"d{layer}.cross.norm", x), memory, seen)
        x = x + ffn(f"d{layer}.ffn", x)
    return norm("d.norm", x) @ w["words"].T + w["bias"]


def _batches(pairs: Sequence[Pair], size: int, seed: int) -> Iterator[tuple[Any, Any, Any]]:
    """Endless batches of (source, target before, target after), of a few fixed lengths."""
    chance = np.random.default_rng(seed)
    lengths = [next(s for s in _SIZES if max(len(a), len(b) + 1) <= s) for a, b in pairs]
    groups = [np.flatnonzero(np.array(lengths) == s) for s in _SIZES]
    share = np.array([len(group) / len(pairs) for group in groups])
    while True:
        at = chance.choice(len(_SIZES), p=share)
        length, rows = _SIZES[at], chance.choice(groups[at], size * 24 // _SIZES[at])
        source, before, after = np.zeros((3, len(rows), length), np.int32)
        for row, number in enumerate(rows):
            a, b = pairs[number]
            source[row, : len(a)] = a
            before[row, : len(b) + 1] = [2, *b]
            after[row, : len(b) + 1] = [*b, 3]
        yield source, before, after


def train(shape: Shape, words: int, pairs: Sequence[Pair], steps: int, keep: Path) -> Weights:
    """Train on pairs of word numbers with Adam; `keep` holds the weights of every 100 steps."""
    import jax
    import jax.numpy as jnp

    def loss(w: Weights, source: Any, before: Any, after: Any) -> Any:
        chances = jax.nn.log_softmax(_forward(shape, w, source, before))
        right = jnp.take_along_axis(chances, after[..., None], -1)[..., 0]
        each = (1 - _SMOOTHING) * right + _SMOOTHING * chances.mean(-1)
        return -(each * (after > 0)).sum() / (after > 0).sum()

    @jax.jit
    def step(w: Weights, m: Weights, v: Weights, t: Any, batch: Any) -> Any:
        value, slope = jax.value_and_grad(loss)(w, *batch)
        rate = 3e-3 * jnp.minimum(t / 150, jnp.minimum(1.0, 1.15 - t / steps))
        m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, m, slope)
        v = jax.tree.map(lambda a, g: 0.98 * a + 0.02 * g * g, v, slope)
        a, b = 1 - 0.9**t, 1 - 0.98**t
        w = jax.tree.map(lambda x, y, z: x - rate * (y / a) / (jnp.sqrt(z / b) + 1e-8), w, m, v)
        return value, w, m, v

    w = begin(shape, words, 1)
    m = {name: np.zeros_like(value) for name, value in w.items()}
    v = dict(m)
    batches, began, mean = _batches(pairs, 96, 1), time.monotonic(), 0.0
    for number in range(1, steps + 1):
        value, w, m, v = step(w, m, v, float(number), next(batches))
        mean = 0.95 * mean + 0.05 * float(value) if number > 1 else float(value)
        if number % 25 == 0 or number == steps:
            seconds = time.monotonic() - began
            sys.stderr.write(f"step {number}: loss {mean:.3f}, {seconds:.0f} s\n")
        if number % 100 == 0 or number == steps:
            np.savez(keep, **{name: np.asarray(value) for name, value in w.items()})
    return {name: np.asarray(value) for name, value in w.items()}


def convert(shape: Shape, w: Weights, words: Sequence[str], folder: Path, kind: str) -> None:
    """Write a CTranslate2 model; `kind` is int8 or float32."""
    from ctranslate2.specs import TransformerSpec

    spec = TransformerSpec.from_config((shape.encoder, shape.decoder), shape.heads)
    for half, name in ((spec.encoder, "e"), (spec.decoder, "d")):
        half.position_encodings.encodings = w.get("positions", positions(shape.width))
        _norm(half.layer_norm, w, f"{name}.norm")
        for number, layer in enumerate(half.layer):
            _attention(layer.self_attention, w, f"{name}{number}.self", "qkv")
            if name == "d":
                _attention(layer.attention, w, f"{name}{number}.cross", "q kv")
            ffn = f"{name}{number}.ffn"
            _norm(layer.ffn.layer_norm, w, f"{ffn}.norm")
            layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = w[f"{ffn}.in"], w[f"{ffn}.in.b"]
            layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = w[f"{ffn}.out"], w[f"{ffn}.out.b"]
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = w["words"]
    spec.decoder.projection.weight = w.get("projection", w["words"])
    spec.decoder.projection.bias = w["bias"]
    spec.config.layer_norm_epsilon = 1e-5
    spec.register_source_vocabulary(list(words))
    spec.register_target_vocabulary(list(words))
    spec.validate()
    spec.optimize(quantization=None if kind == "float32" else kind)
    spec.save(str(folder))


def _norm(spec: Any, w: Weights, name: str) -> None:
    spec.gamma, spec.beta = w[f"{name}.gamma"], w[f"{name}.beta"]


def _attention(spec: Any, w: Weights, name: str, groups: str) -> None:
    _norm(spec.layer_norm, w, f"{name}.norm")
    for linear, parts in zip(spec.linear, [*groups.split(), "o"], strict=True):
        linear.weight = np.concatenate([w[f"{name}.{part}"] for part in parts])
        linear.bias = np.concatenate([w[f"{name}.{part}.b"] for part in parts])
