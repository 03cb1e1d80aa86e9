"""Phrase boosting: bias the logits of tokens that start or continue a required phrase.

The bias inserts a phrase where the model would almost have written it, in the form that the
model prefers. A phrase that fits nowhere is not inserted. Biasing single tokens is known from
speech recognition as shallow fusion (Aleksic et al. 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Phrase = tuple[str, ...]
"""Alternative forms of which one is required, such as the inflected forms of a term."""

TokenSequence = tuple[int, ...]


@dataclass(slots=True)
class PhraseBooster:
    """The phrases of one sample, by number.

    `pending` has the token sequences of the phrases that the text does not contain. `partial`
    has the token sequences that the end of the text matches in part, each with the number of
    its phrase and the count of matched tokens. Both are replaced, never modified, so that
    copies can share them.
    """

    pending: dict[int, tuple[TokenSequence, ...]]
    partial: list[tuple[int, TokenSequence, int]] = field(default_factory=list)

    def boosted_tokens(self) -> set[int]:
        """Return the tokens that start a pending phrase or continue a partial one."""
        starts = {tokens[0] for forms in self.pending.values() for tokens in forms}
        return starts | {tokens[count] for _, tokens, count in self.partial}

    def advance(self, token: int) -> None:
        """Update the state after `token` was written."""
        matched = [
            (phrase, tokens, count + 1)
            for phrase, tokens, count in self.partial
            if tokens[count] == token
        ]
        matched += [
            (phrase, tokens, 1)
            for phrase, forms in self.pending.items()
            for tokens in forms
            if tokens[0] == token
        ]
        complete = {phrase for phrase, tokens, count in matched if count == len(tokens)}
        self.pending = {p: forms for p, forms in self.pending.items() if p not in complete}
        self.partial = [(p, tokens, n) for p, tokens, n in matched if p not in complete]


def make_booster(phrases: Sequence[Phrase], tokenize: Callable[[str], list[int]]) -> PhraseBooster:
    """Return a booster for phrases, in the tokens of a model."""
    return PhraseBooster(
        {
            number: tuple(dict.fromkeys(tuple(tokenize(text)) for text in _surface_forms(phrase)))
            for number, phrase in enumerate(phrases)
        }
    )


def _surface_forms(phrase: Phrase) -> Iterator[str]:
    """Yield each form as it appears after another word, and capitalized at the start."""
    for form in filter(None, phrase):
        yield f" {form}"
        yield form[0].upper() + form[1:]
