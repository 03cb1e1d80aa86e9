"""Drafts in the spelling and notation of a variant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drafting.postprocessing import normalize
from pipeline.drafting.variant_forms import adapt

CASES = [
    ("en_GB", "Das Zentrum der Farbe liegt im Hafen.", "The center of color is in the harbor.",
     "The centre of colour is in the harbour."),
    ("en_GB", "Die Regierung organisiert ein Programm.", "The government organizes a program.",
     "The government organises a programme."),
    ("en_GB", "Das Computerprogramm stürzte ab.", "The computer program crashed.",
     "The computer program crashed."),
    ("en_GB", "Er besuchte Pearl Harbor am 3. Januar 2025.",
     "He visited Pearl Harbor on January 3, 2025.", "He visited Pearl Harbor on 3 January 2025."),
    ("en_GB", "Im Januar starben 12 Menschen.", "In January 12 people died.",
     "In January 12 people died."),
    ("en_GB", "Vom 3. bis 5. Mai.", "From May 3 to 5.", "From 3 to 5 May."),
    ("en_GB", "Die Straße ist 300 Meter lang.", "The road is 300 meters long.",
     "The road is 300 metres long."),
    ("en_GB", "Die Parkuhren", "The parking meters", "The parking meters"),
    ("en_GB", "Siehe https://color.org/center.", "See https://color.org/center.",
     "See https://color.org/center."),
    ("en_GB", "Das Ministerium analysiert.", "The defense ministry analyzes.",
     "The defence ministry analyses."),
    ("en_GB", "Er verlor den Führerschein.", "He lost his driver's license.",
     "He lost his driver's licence."),
    ("en_GB", "Sie müssen üben.", "They have to practice.", "They have to practise."),
    ("en_GB", "Die Praxis ist neu.", "The practice is new.", "The practice is new."),
    ("en_GB", "Der Band „The Color Purple“", "The book “The Color Purple”",
     "The book “The Color Purple”"),
    ("en_GB", "Der mehrfarbige Kombi", "The multi-colored wagon", "The multi-coloured wagon"),
    ("en_US", "Das Zentrum der Farbe liegt im Hafen.", "The centre of colour is in the harbour.",
     "The center of color is in the harbor."),
    ("en_US", "Die Labour-Partei organisiert ein Programm.",
     "The Labour Party organises a programme.", "The Labour Party organizes a program."),
    ("en_US", "Am 3. Januar 2025 um 14.30 Uhr begann es.", "It began on 3 January 2025 at 14:30.",
     "It began on January 3, 2025 at 2:30 p.m."),
    ("en_US", "Um 8.15 Uhr und um 22:45 Uhr heute.", "At 8:15 and at 22:45 today.",
     "At 8:15 a.m. and at 10:45 p.m. today."),
    ("en_US", "Um 8.15 Uhr abends.", "At 8:15 in the evening.", "At 8:15 in the evening."),
    ("en_US", "Es endete 3:1.", "It ended 3:1.", "It ended 3:1."),
    ("en_US", "Um 0.30 Uhr nahm er den Zug.", "At 0:30 he took the train.",
     "At 12:30 a.m. he took the train."),
    ("en_US", "„Nein“, sagte er.", "“No”, he said.", "“No,” he said."),
    ("en_US", "Die Analysen der Kosten.", "The analyses of travelling costs.",
     "The analyses of traveling costs."),
    ("en", "Das Zentrum der Farbe", "The centre of color", "The centre of color"),
    ("en_CA", "Das Zentrum der Farbe", "The centre of color", "The centre of color"),
    ("fr_CA", "Wirklich? Ja!", "Vraiment\u00a0? Oui\u00a0!", "Vraiment? Oui!"),
    ("fr_CA", "Er sagte: „Nein“.", 'Il a dit : "Non".', "Il a dit\u00a0: «\u00a0Non\u00a0»."),
    ("fr", "Wirklich? Ja!", "Vraiment? Oui!", "Vraiment\u00a0? Oui\u00a0!"),
    ("es_MX", "Es kostet 3,5 Millionen Euro und 1.234 Peso.",
     "Cuesta 3,5 millones de euros y 1.234 pesos.", "Cuesta 3.5 millones de euros y 1,234 pesos."),
    ("es_MX", "Es kostet 3,5 Millionen Euro und 1.234 Peso.",
     "Cuesta 3.5 millones de euros y 1,234 pesos.", "Cuesta 3.5 millones de euros y 1,234 pesos."),
    ("es_MX", "Version 1.2.3 um 14.30 Uhr", "Versión 1.2.3 a las 14.30",
     "Versión 1.2.3 a las 14.30"),
    ("es_MX", "„Nein“, sagte er im Video.", "«No», dijo en el vídeo.", "“No”, dijo en el video."),
    ("es", "„Nein“, sagte er im Video.", "“No”, dijo en el vídeo.", "“No”, dijo en el vídeo."),
    ("es_ES", "Das Video", "El video", "El vídeo"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "source", "result", "expected"), CASES)
def test_variants(language: str, source: str, result: str, expected: str) -> None:
    """Spelling, dates, times, numbers and marks; addresses, names and other words stay."""
    assert normalize(source, result, language) == expected
    assert normalize(source, expected, language) == expected


def test_a_required_term_wins() -> None:
    """A glossary of `en` may require an American word in a British translation."""
    terms = (("Verteidigungsministerium", "defense ministry"),)
    text = normalize("Das Verteidigungsministerium im Zentrum.",
                     "The defense ministry in the center.", "en_GB", terms)  # fmt: skip
    assert text == "The defense ministry in the centre."


def test_protected_text_stays() -> None:
    kept = "Write to color@center.org, set {color} or <b class='center'>`center`</b>: www.color.org"
    assert adapt("Schreiben Sie.", kept, "en_GB") == kept


@given(
    st.text(alphabet='Jan ry3,.:15“”"color metrisz', max_size=40),
    st.text(alphabet="Jan r3.:15 Uh", max_size=20),
    st.sampled_from(["en_GB", "en_US", "es_MX", "fr_CA"]),
)
def test_adapting_twice_is_adapting_once(text: str, source: str, language: str) -> None:
    once = adapt(source, text, language)
    assert adapt(source, once, language) == once
