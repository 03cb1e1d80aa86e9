"""A small student model in JAX, and its export in the file format of Marian.

The architecture is that of the models of Firefox Translations: a Transformer encoder and a
decoder with simpler simple recurrent units (SSRU, Kim et al., "From Research to Production and
Back", WNGT 2019), the norm after each part, and one table of embeddings for source, target and
output.
"""

from __future__ import annotations

import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

END = 0
"""The number of `</s>`. Padding has it too, and is masked."""

_SMOOTHING = 0.1
_SIZES = (16, 24, 32, 48, 64)
_FLOAT32, _INT8, _RAW = 0x404, 0x4101, 0x101
_VERSION, _ALIGNMENT = 1, 256

Weights = dict[str, Any]
Pair = tuple[list[int], list[int]]


@dataclass(frozen=True)
class Shape:
    """The size of a network: layers, width, width of the inner layer, heads.

    The width is a multiple of 64, as the 8-bit arithmetic of the runtime requires.
    """

    encoder: int = 2
    decoder: int = 2
    width: int = 128
    inner: int = 256
    heads: int = 4


def positions(width: int, count: int) -> np.ndarray:
    """Return sinusoidal encodings of positions, sines before cosines, as Marian has them."""
    rate = np.exp(-np.log(10000.0) * np.arange(width // 2) / (width // 2 - 1))
    angle = np.arange(count)[:, None] * rate[None, :]
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)


def _matrices(shape: Shape) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the name and shape of each matrix of the layers; `y = x W + b`."""
    square, wide = (shape.width, shape.width), (shape.width, shape.inner)
    for name in _layers(shape):
        for part in ("Wq", "Wk", "Wv", "Wo"):
            kind = "self" if name.startswith("e") else "context"
            yield f"{name}_{kind}_{part}", square
        yield f"{name}_ffn_W1", wide
        yield f"{name}_ffn_W2", wide[::-1]
        if name.startswith("d"):
            yield f"{name}_rnn_W", square
            yield f"{name}_rnn_Wf", square


def _layers(shape: Shape) -> list[str]:
    encoder = [f"encoder_l{n}" for n in range(1, shape.encoder + 1)]
    return [*encoder, *(f"decoder_l{n}" for n in range(1, shape.decoder + 1))]


def begin(shape: Shape, words: int, seed: int) -> Weights:
    """Return random weights (Glorot)."""
    chance = np.random.default_rng(seed)
    width = shape.width
    weights: Weights = {"Wemb": chance.normal(0, width**-0.5, (words, width)).astype(np.float32)}
    weights["decoder_ff_logit_out_b"] = np.zeros((1, words), np.float32)
    for name, size in _matrices(shape):
        weights[name] = chance.normal(0, (2 / sum(size)) ** 0.5, size).astype(np.float32)
        if not name.endswith("rnn_W"):
            bias = name.rpartition("W")[0] + "b" + name.rpartition("W")[2]
            weights[bias] = np.zeros((1, size[1]), np.float32)
    for layer in _layers(shape):
        norms = ["self_Wo", "ffn_ffn"] if layer.startswith("e") else []
        for norm in norms or ["rnn_ffn", "context_Wo", "ffn_ffn"]:
            weights[f"{layer}_{norm}_ln_scale"] = np.ones((1, width), np.float32)
            weights[f"{layer}_{norm}_ln_bias"] = np.zeros((1, width), np.float32)
    return weights


def _forward(shape: Shape, w: Weights, source: Any, lengths: Any, target: Any) -> Any:
    """Return the logits of a batch. `target` are the words before each position, from the second.

    The first position has no word before it, and sees only its encoding.
    """
    import jax
    import jax.numpy as jnp

    def norm(name: str, x: Any) -> Any:
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) / jnp.sqrt(variance + 1e-6) * w[f"{name}_scale"] + w[f"{name}_bias"]

    def split(x: Any) -> Any:
        return x.reshape(*x.shape[:2], shape.heads, -1).transpose(0, 2, 1, 3)

    def attention(name: str, x: Any, memory: Any) -> Any:
        q, k, v = (
            split(y @ w[f"{name}_W{part}"] + w[f"{name}_b{part}"])
            for part, y in (("q", x), ("k", memory), ("v", memory))
        )
        scores = q @ k.transpose(0, 1, 3, 2) / (q.shape[-1] ** 0.5)
        mixed = jax.nn.softmax(jnp.where(seen, scores, -1e9)) @ v
        joined = mixed.transpose(0, 2, 1, 3).reshape(x.shape)
        return norm(f"{name}_Wo_ln", x + joined @ w[f"{name}_Wo"] + w[f"{name}_bo"])

    def ffn(name: str, x: Any) -> Any:
        inner = jax.nn.relu(x @ w[f"{name}_W1"] + w[f"{name}_b1"])
        return norm(f"{name}_ffn_ln", x + inner @ w[f"{name}_W2"] + w[f"{name}_b2"])

    def rnn(name: str, x: Any) -> Any:
        forget = jax.nn.sigmoid(x @ w[f"{name}_Wf"] + w[f"{name}_bf"])

        def combine(one: Any, two: Any) -> Any:
            return one[0] * two[0], two[0] * one[1] + two[1]

        new = (1 - forget) * (x @ w[f"{name}_W"])
        _, cell = jax.lax.associative_scan(combine, (forget, new), axis=1)
        return norm(f"{name}_ffn_ln", x + jax.nn.relu(cell))

    places = jnp.asarray(positions(shape.width, max(source.shape[1], target.shape[1] + 1)))
    seen = (jnp.arange(source.shape[1])[None, :] < lengths[:, None])[:, None, None, :]
    root = shape.width**0.5
    x = w["Wemb"][source] * root + places[: source.shape[1]]
    for layer in range(1, shape.encoder + 1):
        x = attention(f"encoder_l{layer}_self", x, x)
        x = ffn(f"encoder_l{layer}_ffn", x)
    memory = x
    before = jnp.pad(w["Wemb"][target] * root, ((0, 0), (1, 0), (0, 0)))
    x = before + places[: before.shape[1]]
    for layer in range(1, shape.decoder + 1):
        x = rnn(f"decoder_l{layer}_rnn", x)
        x = attention(f"decoder_l{layer}_context", x, memory)
        x = ffn(f"decoder_l{layer}_ffn", x)
    return x @ w["Wemb"].T + w["decoder_ff_logit_out_b"]


def _batches(pairs: Sequence[Pair], size: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Yield endless batches (source, lengths, target, its lengths), of a few fixed lengths."""
    chance = np.random.default_rng(seed)
    lengths = [next(s for s in _SIZES if max(len(a), len(b)) + 1 <= s) for a, b in pairs]
    groups = [np.flatnonzero(np.array(lengths) == s) for s in _SIZES]
    share = np.array([len(group) / len(pairs) for group in groups])
    while True:
        at = chance.choice(len(_SIZES), p=share)
        length, rows = _SIZES[at], chance.choice(groups[at], size * 24 // _SIZES[at])
        source, target = np.full((2, len(rows), length), END, np.int32)
        ends = np.zeros((2, len(rows)), np.int32)
        for row, number in enumerate(rows):
            a, b = pairs[number]
            source[row, : len(a)], target[row, : len(b)] = a, b
            ends[:, row] = len(a) + 1, len(b) + 1
        yield source, ends[0], target, ends[1]


def train(shape: Shape, words: int, pairs: Sequence[Pair], steps: int, keep: Path) -> Weights:
    """Train on pairs of word numbers with Adam; `keep` holds the weights of every 100 steps."""
    import jax
    import jax.numpy as jnp

    def loss(w: Weights, source: Any, lengths: Any, target: Any, ends: Any) -> Any:
        logits = _forward(shape, w, source, lengths, target[:, :-1])
        chances = jax.nn.log_softmax(logits)
        right = jnp.take_along_axis(chances, target[..., None], -1)[..., 0]
        each = (1 - _SMOOTHING) * right + _SMOOTHING * chances.mean(-1)
        counted = jnp.arange(target.shape[1])[None, :] < ends[:, None]
        return -(each * counted).sum() / counted.sum()

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


def export(shape: Shape, w: Weights, *, int8: bool) -> bytes:
    """Return a model file; with `int8`, matrices have 8-bit weights, as those of Mozilla have."""
    config = "\n".join(
        f"{name}: {value}"
        for name, value in (
            ("dim-emb", shape.width), ("enc-depth", shape.encoder), ("dec-depth", shape.decoder),
            ("transformer-heads", shape.heads), ("transformer-dim-ffn", shape.inner),
        )
    )  # fmt: skip
    text = config.encode() + b"\n\0"
    matrices = {"Wemb", *(name for name, _ in _matrices(shape))} if int8 else set()
    items: list[tuple[str, int, tuple[int, ...], bytes]] = []
    for name, value in w.items():
        array = np.asarray(value, np.float32)
        if name in matrices:
            scale = np.float32(127 / np.abs(array).max())
            whole = np.clip(np.round(array * scale), -127, 127).astype(np.int8)
            # Multiplied from the left, the table of embeddings is transposed already.
            rows = whole if name == "Wemb" else np.ascontiguousarray(whole.T)
            data = rows.tobytes() + scale.tobytes()
            items.append((name, _INT8, array.shape, data))
            alpha = "none" if name == "Wemb" else name
            items.append((f"{alpha}_QuantMultA", _FLOAT32, (1, 1), np.float32(127 / 8).tobytes()))
        else:
            items.append((name, _FLOAT32, array.shape, array.tobytes()))
    items.append(("special:model.yml", _RAW, (len(text),), text))
    return _container(items)


def _container(items: Sequence[tuple[str, int, tuple[int, ...], bytes]]) -> bytes:
    """Return items in the binary container of Marian (`marian/src/common/binary.cpp`)."""
    names = [name.encode() + b"\0" for name, *_ in items]
    padded = [data + b"\0" * (-len(data) % _ALIGNMENT) for *_, data in items]
    head = struct.pack("<QQ", _VERSION, len(items))
    for name, (_, kind, shape, _), data in zip(names, items, padded, strict=True):
        head += struct.pack("<QQQQ", len(name), kind, len(shape), len(data))
    head += b"".join(names)
    head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
    gap = -(len(head) + 8) % _ALIGNMENT
    return head + struct.pack("<Q", gap) + b"\0" * gap + b"".join(padded)
