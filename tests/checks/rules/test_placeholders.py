"""Placeholders of entries without a format flag, recognized by their shape."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

FINE = [
    "Datei %s|File %s",
    "%s von %s|%2$s by %1$s",
    "%1$s und %2$d|%2$d and %1$s",
    "vor %s Jahr %s|before%syear%s",
    "Guten Tag {{ user }}|Good day {{user}}",
    "{{user.name}} kam|{{ user.name }} came",
    "%{total} Seiten|%{total} pages",
    "Seite %1 von %2|%1 of %2 pages",
    "Lieber $kunde|Dear $kunde",
    "Siehe [[Hilfe]]|See [[Hilfe]]",
    "{% for x in y %}ja{% endfor %}|{% for x in y %}yes{% endfor %}",
    "von @redaktion|by @redaktion",
    "100 % Wolle|100% wool",
    "Kosten: 5 US$|Cost: $5",
    "Preis in $|Price in $",
    "mit `--dry-run` testen|test with `--dry-run`",
    "Er rief: Halt!|He called: Stop!",
    "{n, plural, one {# Tag} other {# Tage}}|{n, plural, =1 {a day} one {# day} other {# days}}",
    "{n, select, a {Ja} other {Nein}} {x}|{x}: {n, select, a {Yes} other {No}}",
    "{a, number, #,##0} und {b, date, long}|{b, date, short}, {a, number}",
    "'{'kein Argument'}' {n, plural, other {#}}|'{'no argument'}' {n, plural, one {#} other {#}}",
]
WRONG = [
    ("Lieber $kunde", "Dear $client", ["'$kunde' is missing", "'$client' is not"]),
    ("Siehe [[Hilfe]]", "See [[Help]]", ["'[[Hilfe]]' is missing", "'[[Help]]' is not"]),
    ("von @redaktion", "by @editors", ["'@redaktion' is missing"]),
    ("%d von %s", "%s of %d", ["'%s' is number 1"]),
    ("%s von %s", "%2$s by %3$s", ["'%s' is missing", "'%3$s' is not"]),
    ("mit --dry-run testen", "test with --trocken", ["'--dry-run' is missing"]),
    ("{% if x %}ja{% endif %}", "{% wenn x %}yes{% endif %}", ["'{% if x %}'", "'{% wenn x %}'"]),
    ("%%user%% kam", "%%nutzer%% came", ["'%%user%%' is missing", "'%%nutzer%%' is not"]),
    ("{n, plural, one {#} other {#}}", "{n, plural, one {#} other {#}", ["No valid ICU message"]),
    ("{n, plural, one {#} other {#}}", "{n, plural, one {#}}", ["no branch 'other'"]),
    ("{n, plural, one {#} other {#}}", "{n, plural, other {#}}", ["category 'one' of 'n'"]),
    ("{n, plural, one {#} other {#}}", "{m, plural, one {#} other {#}}", ["'m' is not", "'n'"]),
    ("{n, select, a {x} other {y}}", "{n, select, b {x} other {y}}", ["'a'", "'b'"]),
    (
        "{n, plural, one {#} other {#}}", "{n, plural, one {#} few {#} other {#}}",
        ["no plural category 'few'"],
    ),
]  # fmt: skip


@pytest.mark.parametrize("pair", FINE)
def test_the_same_placeholders_are_silent(ask: Ask, pair: str) -> None:
    """Blanks in braces, order by number, and signs that are no placeholders do not matter."""
    source, _, target = pair.partition("|")
    assert ask("en", source, target) == []


@pytest.mark.parametrize(("source", "target", "parts"), WRONG)
def test_a_changed_placeholder_is_named(
    ask: Ask, source: str, target: str, parts: list[str]
) -> None:
    """The message has the placeholder, or what is wrong in a message of ICU."""
    messages = sorted(ask("en", source, target))
    assert len(messages) == len(parts), messages
    assert all(message.startswith("error: ") for message in messages)
    assert all(any(part in message for message in messages) for part in parts), messages


@pytest.mark.parametrize("language", ["pl", "ru", "ja", "ar", "fr"])
def test_plural_categories_are_those_of_the_language(ask: Ask, language: str) -> None:
    """Polish needs few and many, Japanese only other, French no category for millions."""
    needed = {
        "pl": "one few many", "ru": "one few many", "ja": "", "ar": "zero one two few many",
        "fr": "one",
    }  # fmt: skip
    branches = " ".join(f"{name} {{#}}" for name in [*needed[language].split(), "other"])
    source = "{n, plural, one {# Tag} other {# Tage}}"
    assert ask(language, source, f"{{n, plural, {branches}}}") == []
    assert ask(language, source, f"{{n, plural, {branches} dual {{#}}}}")


def test_deep_nesting_is_an_error_and_no_crash(ask: Ask) -> None:
    """A hostile catalog must not exhaust the stack."""
    deep = "{n, plural, other {" * 5000
    assert ask("en", "{n, plural, one {#} other {#}}", deep)
