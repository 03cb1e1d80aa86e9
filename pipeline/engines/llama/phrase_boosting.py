"""Words that a translation should contain, and what to write next to get one of them.

The tokens that begin a word still missing, or go on with one that is begun, are made likelier
while a text is drawn. So a word comes where the model would almost have written it, inflected
as it likes best among the forms that are given, and where it fits nowhere it does not come.
Such a bias of single tokens is known from speech recognition ("shallow fusion" of words that
are expected; Aleksic et al. 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Phrase = tuple[str, ...]
"""Words of which one is wanted: the forms of a term, say."""

Spelling = tuple[int, ...]


@dataclass(slots=True)
class PhraseBooster:
    """The wishes of one text under way, each as the ways to spell it in tokens.

    `begun` are the spellings whose first tokens stand at the end of the text, each with its
    wish and how many tokens of it stand there. Both are replaced, never changed, so that a
    copy may share them.
    """

    pending: dict[int, tuple[Spelling, ...]]
    partial: list[tuple[int, Spelling, int]] = field(default_factory=list)

    def next(self) -> set[int]:
        """The tokens that begin what is missing, or go on with it."""
        first = {s[0] for spellings in self.pending.values() for s in spellings}
        return first | {spelling[count] for _, spelling, count in self.partial}

    def take(self, token: int) -> None:
        """Note the token that was written."""
        going = [
            (wish, spelling, count + 1)
            for wish, spelling, count in self.partial
            if spelling[count] == token
        ]
        going += [
            (wish, spelling, 1)
            for wish, spellings in self.pending.items()
            for spelling in spellings
            if spelling[0] == token
        ]
        met = {wish for wish, spelling, count in going if count == len(spelling)}
        self.pending = {wish: s for wish, s in self.pending.items() if wish not in met}
        self.partial = [(w, s, count) for w, s, count in going if w not in met]


def spelled(wishes: Sequence[Phrase], tokens: Callable[[str], list[int]]) -> PhraseBooster:
    """Spell wishes as a model does that has `tokens` for a text."""
    return PhraseBooster(
        {
            number: tuple(dict.fromkeys(tuple(tokens(text)) for text in _written(wish)))
            for number, wish in enumerate(wishes)
        }
    )


def _written(wish: Phrase) -> Iterator[str]:
    """Words as they stand behind another one, and with a capital as they begin a text."""
    for word in filter(None, wish):
        yield f" {word}"
        yield word[0].upper() + word[1:]
