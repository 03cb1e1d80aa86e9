"""Invented news sentences in German, English and French, to train and test small models.

Every sentence comes from a template and tables of words, so its translation is known. A
sentence is held out from training by a digest of its German: `held_out` says which.
"""

# ruff: noqa: E501 - the tables are easier to read with a noun a line

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass

HELD_OUT_SHARE = 25


@dataclass(frozen=True)
class Sentence:
    """The same sentence in three languages."""

    de: str
    en: str
    fr: str


@dataclass(frozen=True)
class Noun:
    """A noun: German gender (m, f, n, p for plural only), singular and plural forms.

    `en` and `fr` are (singular, plural); `fr_gender` is m or f.
    """

    gender: str
    de: tuple[str, str]
    en: tuple[str, str]
    fr: tuple[str, str]
    fr_gender: str
    weight: int = 1


# gender | German singular, plural | English choices | French choices (with gender): the first
# choice is the usual one.
_NOUNS = """
m | Gipfel, Gipfel | summit, summits | sommet, sommets, m
n | Abkommen, Abkommen | agreement, agreements; deal, deals; accord, accords | accord, accords, m; entente, ententes, f
m | Vertrag, Verträge | treaty, treaties; contract, contracts | traité, traités, m; contrat, contrats, m
m | Haushalt, Haushalte | budget, budgets | budget, budgets, m
f | Reform, Reformen | reform, reforms | réforme, réformes, f
n | Gesetz, Gesetze | law, laws; act, acts | loi, lois, f; texte, textes, m
p | Sanktionen, Sanktionen | sanctions, sanctions; penalties, penalties | sanctions, sanctions, f; mesures, mesures, f
f | Erklärung, Erklärungen | declaration, declarations; statement, statements | déclaration, déclarations, f; communiqué, communiqués, m
m | Waffenstillstand, Waffenstillstände | ceasefire, ceasefires; truce, truces | cessez-le-feu, cessez-le-feu, m; trêve, trêves, f
p | Verhandlungen, Verhandlungen | negotiations, negotiations; talks, talks | négociations, négociations, f; pourparlers, pourparlers, m
m | Plan, Pläne | plan, plans | plan, plans, m
n | Treffen, Treffen | meeting, meetings; gathering, gatherings | réunion, réunions, f; rencontre, rencontres, f
f | Hilfe, Hilfen | aid, aids; assistance, assistances | aide, aides, f; assistance, assistances, f
m | Besuch, Besuche | visit, visits; trip, trips | visite, visites, f; voyage, voyages, m
f | Konferenz, Konferenzen | conference, conferences | conférence, conférences, f
m | Entwurf, Entwürfe | draft, drafts | projet, projets, m; brouillon, brouillons, m
f | Entscheidung, Entscheidungen | decision, decisions; ruling, rulings | décision, décisions, f; jugement, jugements, m
m | Vorschlag, Vorschläge | proposal, proposals; suggestion, suggestions | proposition, propositions, f; suggestion, suggestions, f
f | Lieferung, Lieferungen | delivery, deliveries; shipment, shipments | livraison, livraisons, f; envoi, envois, m
m | Kredit, Kredite | loan, loans; credit, credits | prêt, prêts, m; crédit, crédits, m
f | Brücke, Brücken | bridge, bridges | pont, ponts, m; passerelle, passerelles, f
f | Steuer, Steuern | tax, taxes; levy, levies | taxe, taxes, f; impôt, impôts, m
m | Streik, Streiks | strike, strikes; walkout, walkouts | grève, grèves, f; débrayage, débrayages, m
f | Wahl, Wahlen | election, elections; vote, votes | élection, élections, f; scrutin, scrutins, m
m | Bericht, Berichte | report, reports; paper, papers | rapport, rapports, m; compte rendu, comptes rendus, m
n | Programm, Programme | programme, programmes; scheme, schemes | programme, programmes, m; dispositif, dispositifs, m
f | Untersuchung, Untersuchungen | investigation, investigations; inquiry, inquiries | enquête, enquêtes, f; examen, examens, m
m | Angriff, Angriffe | attack, attacks; assault, assaults | attaque, attaques, f; assaut, assauts, m
f | Koalition, Koalitionen | coalition, coalitions; alliance, alliances | coalition, coalitions, f; alliance, alliances, f
m | Flughafen, Flughäfen | airport, airports | aéroport, aéroports, m
n | Krankenhaus, Krankenhäuser | hospital, hospitals; clinic, clinics | hôpital, hôpitaux, m; clinique, cliniques, f
f | Fabrik, Fabriken | factory, factories; plant, plants | usine, usines, f; fabrique, fabriques, f
"""

# German with its article | English | French with its article and gender
_ACTORS = """
der Präsident | the president | le président m
die Präsidentin | the president | la présidente f
der Kanzler | the chancellor | le chancelier m
die Kanzlerin | the chancellor | la chancelière f
der Minister | the minister | le ministre m
die Ministerin | the minister | la ministre f
der Außenminister | the foreign minister | le ministre des Affaires étrangères m
der Finanzminister | the finance minister | le ministre des Finances m
der Sprecher | the spokesman | le porte-parole m
die Sprecherin | the spokeswoman | la porte-parole f
der Botschafter | the ambassador | l'ambassadeur m
die Regierung | the government | le gouvernement m
die Kommission | the commission | la commission f
die Opposition | the opposition | l'opposition f
die Partei | the party | le parti m
die Gewerkschaft | the union | le syndicat m
der Bürgermeister | the mayor | le maire m
die Bürgermeisterin | the mayor | la maire f
das Parlament | the parliament | le parlement m
das Ministerium | the ministry | le ministère m
das Gericht | the court | le tribunal m
der Stadtrat | the city council | le conseil municipal m
die Zentralbank | the central bank | la banque centrale f
"""

_WOMEN = ["Anna", "Clara", "Lena", "Marie", "Eva", "Nina", "Julia", "Sara"]
_FIRST = [*_WOMEN, *["Paul", "Max", "Karl", "Jan", "Tom", "Otto", "Felix", "Hans"]]
_LAST = [
    "Weber",
    "Schneider",
    "Berger",
    "Winter",
    "Keller",
    "Lang",
    "Braun",
    "Vogel",
    "Roth",
    "Frank",
    "Sommer",
    "Busch",
    "Koch",
    "Wolf",
    "Albrecht",
    "Neumann",
]

_CITIES = """
Berlin Berlin Berlin; Wien Vienna Vienne; Brüssel Brussels Bruxelles; Paris Paris Paris
London London Londres; Moskau Moscow Moscou; Warschau Warsaw Varsovie; Rom Rome Rome
Genf Geneva Genève; Peking Beijing Pékin; Kiew Kyiv Kiev; Athen Athens Athènes
Lissabon Lisbon Lisbonne; Köln Cologne Cologne; München Munich Munich; Madrid Madrid Madrid
Hamburg Hamburg Hambourg; Prag Prague Prague; Dresden Dresden Dresde; Oslo Oslo Oslo
"""
_MONTHS = """
Januar January janvier; Februar February février; März March mars; April April avril
Mai May mai; Juni June juin; Juli July juillet; August August août
September September septembre; Oktober October octobre; November November novembre
Dezember December décembre
"""
_DAYS = """
Montag Monday lundi; Dienstag Tuesday mardi; Mittwoch Wednesday mercredi
Donnerstag Thursday jeudi; Freitag Friday vendredi; Samstag Saturday samedi
Sonntag Sunday dimanche
"""
# participle, simple past | English past | French participle, infinitive | German infinitive
_VERBS = """
kritisiert kritisierte criticised critiqué critiquer kritisieren criticise
gelobt lobte praised salué saluer loben praise
verteidigt verteidigte defended défendu défendre verteidigen defend
geplant plante planned planifié planifier planen plan
gefordert forderte demanded exigé exiger fordern demand
vorbereitet bereitete.vor prepared préparé préparer vorbereiten prepare
angekündigt kündigte.an announced annoncé annoncer ankündigen announce
abgelehnt lehnte.ab rejected rejeté rejeter ablehnen reject
vorgestellt stellte.vor presented présenté présenter vorstellen present
verschoben verschob postponed reporté reporter verschieben postpone
"""
# German | English | French masculine, feminine, plural masculine, plural feminine
_ADJECTIVES = """
wichtig important important importante importants importantes
richtig right juste juste justes justes
falsch wrong erroné erronée erronés erronées
notwendig necessary nécessaire nécessaire nécessaires nécessaires
teuer expensive cher chère chers chères
historisch historic historique historique historiques historiques
gefährlich dangerous dangereux dangereuse dangereux dangereuses
"""


def _noun_choices(line: str) -> list[Noun]:
    gender, german, english, french = (cell.strip() for cell in line.split("|"))
    singular, plural = german.split(", ")
    nouns = []
    english_choices, french_choices = english.split("; "), french.split("; ")
    for number in range(max(len(english_choices), len(french_choices))):
        en = english_choices[min(number, len(english_choices) - 1)].split(", ")
        fr = french_choices[min(number, len(french_choices) - 1)].split(", ")
        nouns.append(
            Noun(gender, (singular, plural), (en[0], en[1]), (fr[0], fr[1]), fr[2], number == 0)
        )
    return nouns


NOUNS = [_noun_choices(line) for line in _NOUNS.strip().splitlines()]
ACTORS = [tuple(c.strip() for c in line.split("|")) for line in _ACTORS.strip().splitlines()]
CITIES, MONTHS, DAYS = (
    [tuple(c.split()) for c in table.replace("\n", ";").split(";") if c.strip()]
    for table in (_CITIES, _MONTHS, _DAYS)
)
VERBS = [tuple(line.split()) for line in _VERBS.strip().splitlines()]
ADJECTIVES = [tuple(line.split()) for line in _ADJECTIVES.strip().splitlines()]
_VOWELS = "aeéèêiouh"


class _Draw:
    """Draws the parts of one sentence."""

    def __init__(self, chance: random.Random, usual: float) -> None:
        self.chance, self.usual = chance, usual

    def noun(self, *, countable: bool = False) -> Noun:
        while True:
            choices = self.chance.choice(NOUNS)
            if not (countable and choices[0].gender == "p"):
                break
        if len(choices) == 1 or self.chance.random() < self.usual:
            return choices[0]
        return self.chance.choice(choices[1:])

    def actor(self) -> tuple[str, str, str, str]:
        if self.chance.random() < 0.25:
            first = self.chance.choice(_FIRST)
            name = f"{first} {self.chance.choice(_LAST)}"
            return name, name, name, "f" if first in _WOMEN else "m"
        german, english, french = self.chance.choice(ACTORS)
        return german, english, french[:-2], french[-1]

    def city(self) -> tuple[str, ...]:
        return self.chance.choice(CITIES)

    def month(self) -> tuple[str, ...]:
        return self.chance.choice(MONTHS)

    def weekday(self) -> tuple[str, ...]:
        return self.chance.choice(DAYS)

    def verb(self) -> tuple[str, ...]:
        return self.chance.choice(VERBS)

    def adjective(self) -> tuple[str, ...]:
        return self.chance.choice(ADJECTIVES)

    def number(self, most: int) -> int:
        return self.chance.randint(2, most)

    def date(self) -> tuple[str, str, str]:
        day, month, year = self.number(31), self.month(), self.chance.randint(1995, 2029)
        ordinal = "1er" if day == 1 else str(day)
        if self.chance.random() < 0.5:
            return f"{day}. {month[0]}", f"{month[1]} {day}", f"{ordinal} {month[2]}"
        return (
            f"{day}. {month[0]} {year}",
            f"{month[1]} {day}, {year}",
            f"{ordinal} {month[2]} {year}",
        )


_ARTICLES = {
    "nom": {"m": "der", "f": "die", "n": "das", "p": "die"},
    "acc": {"m": "den", "f": "die", "n": "das", "p": "die"},
    "dat": {"m": "dem", "f": "der", "n": "dem", "p": "den"},
}
_NEW = {"m": "einen neuen", "f": "eine neue", "n": "ein neues", "p": "neue"}


def german(noun: Noun, case: str) -> str:
    return f"{_ARTICLES[case][noun.gender]} {noun.de[0]}"


def english(noun: Noun) -> str:
    return f"the {noun.en[0]}"


def french(noun: Noun) -> str:
    """The noun with its definite article."""
    if noun.gender == "p":
        return f"les {noun.fr[0]}"
    if noun.fr[0][0] in _VOWELS:
        return f"l'{noun.fr[0]}"
    return f"{'le' if noun.fr_gender == 'm' else 'la'} {noun.fr[0]}"


def _new(noun: Noun) -> tuple[str, str, str]:
    masculine = noun.fr_gender == "m"
    german = f"{_NEW[noun.gender]} {noun.de[0]}"
    if noun.gender == "p":
        return (
            german,
            f"new {noun.en[0]}",
            f"de nouv{'eaux' if masculine else 'elles'} {noun.fr[0]}",
        )
    vowel = noun.fr[0][0] in _VOWELS
    new = ("un nouvel" if vowel else "un nouveau") if masculine else "une nouvelle"
    return german, f"a new {noun.en[0]}", f"{new} {noun.fr[0]}"


def _agree(adjective: tuple[str, ...], noun: Noun) -> str:
    return adjective[2 + (noun.fr_gender == "f") + 2 * (noun.gender == "p")]


def _past(verb: tuple[str, ...]) -> tuple[str, str]:
    """The simple past and its separate prefix, with a blank before it."""
    stem, _, prefix = verb[1].partition(".")
    return stem, f" {prefix}" if prefix else ""


def _is(noun: Noun) -> tuple[str, str, str]:
    return ("sind", "are", "sont") if noun.gender == "p" else ("ist", "is", "est")


Template = Callable[[_Draw], tuple[str, str, str]]


def _perfect(d: _Draw) -> tuple[str, str, str]:
    a, n, v, c = d.actor(), d.noun(), d.verb(), d.city()
    return (
        f"{a[0]} hat {german(n, 'acc')} in {c[0]} {v[0]}.",
        f"{a[1]} {v[2]} {english(n)} in {c[1]}.",
        f"{a[2]} a {v[3]} {french(n)} à {c[2]}.",
    )


def _weekday(d: _Draw) -> tuple[str, str, str]:
    a, n, v, w = d.actor(), d.noun(), d.verb(), d.weekday()
    stem, prefix = _past(v)
    return (
        f"Am {w[0]} {stem} {a[0]} {german(n, 'acc')}{prefix}.",
        f"On {w[1]}, {a[1]} {v[2]} {english(n)}.",
        f"{w[2]}, {a[2]} a {v[3]} {french(n)}.",
    )


def _travel(d: _Draw) -> tuple[str, str, str]:
    a, t, c = d.actor(), d.date(), d.city()
    return (
        f"{a[0]} reiste am {t[0]} nach {c[0]}.",
        f"{a[1]} travelled to {c[1]} on {t[1]}.",
        f"{a[2]} s'est rendu{'e' if a[3] == 'f' else ''} à {c[2]} le {t[2]}.",
    )


def _since(d: _Draw) -> tuple[str, str, str]:
    n, years, c = d.noun(), d.number(40), d.city()
    plural = n.gender == "p"
    of = f"d'{c[2]}" if c[2][0] in "AO" else f"de {c[2]}"
    return (
        f"{german(n, 'nom')} von {c[0]} {'gelten' if plural else 'gilt'} seit {years} Jahren.",
        f"{english(n)} of {c[1]} {'have' if plural else 'has'} been in force for {years} years.",
        f"{french(n)} {of} {'sont' if plural else 'est'} en vigueur depuis {years} ans.",
    )


def _protest(d: _Draw) -> tuple[str, str, str]:
    n, people, c, w = d.noun(), d.number(99) * 100, d.city(), d.weekday()
    return (
        f"Rund {people} Menschen demonstrierten am {w[0]} in {c[0]} gegen {german(n, 'acc')}.",
        f"Around {people} people protested against {english(n)} in {c[1]} on {w[1]}.",
        f"Environ {people} personnes ont manifesté contre {french(n)} à {c[2]} {w[2]}.",
    )


def _quote(d: _Draw) -> tuple[str, str, str]:
    a, n, j = d.actor(), d.noun(), d.adjective()
    be = _is(n)
    de, en, fr = german(n, "nom"), english(n), french(n)
    return (
        f"„{upper(de)} {be[0]} {j[0]}“, sagte {a[0]}.",
        f"“{upper(en)} {be[1]} {j[1]},” said {a[1]}.",
        f"« {upper(fr)} {be[2]} {_agree(j, n)} », a déclaré {a[2]}.",
    )


def _talks(d: _Draw) -> tuple[str, str, str]:
    a, b, n, c = d.actor(), d.actor(), d.noun(), d.city()
    return (
        f"{a[0]} und {b[0]} sprachen in {c[0]} über {german(n, 'acc')}.",
        f"{a[1]} and {b[1]} spoke about {english(n)} in {c[1]}.",
        f"{a[2]} et {b[2]} ont échangé sur {french(n)} à {c[2]}.",
    )


def _after(d: _Draw) -> tuple[str, str, str]:
    a, n, c = d.actor(), d.noun(), d.city()
    after = d.chance.random() < 0.5
    return (
        f"{'Nach' if after else 'Vor'} {german(n, 'dat')} reiste {a[0]} nach {c[0]}.",
        f"{'After' if after else 'Before'} {english(n)}, {a[1]} travelled to {c[1]}.",
        f"{'Après' if after else 'Avant'} {french(n)}, {a[2]} s'est rendu"
        f"{'e' if a[3] == 'f' else ''} à {c[2]}.",
    )


def _wants(d: _Draw) -> tuple[str, str, str]:
    a, n, v, m = d.actor(), d.noun(), d.verb(), d.month()
    return (
        f"{a[0]} will {german(n, 'acc')} bis {m[0]} {v[5]}.",
        f"{a[1]} wants to {v[6]} {english(n)} by {m[1]}.",
        f"{a[2]} veut {v[4]} {french(n)} d'ici {m[2]}.",
    )


def _new_one(d: _Draw) -> tuple[str, str, str]:
    a, n, v, c = d.actor(), d.noun(), d.verb(), d.city()
    new = _new(n)
    return (
        f"{a[0]} hat {new[0]} für {c[0]} {v[0]}.",
        f"{a[1]} {v[2]} {new[1]} for {c[1]}.",
        f"{a[2]} a {v[3]} {new[2]} pour {c[2]}.",
    )


def _several(d: _Draw) -> tuple[str, str, str]:
    a, n, v = d.actor(), d.noun(countable=True), d.verb()
    many = d.chance.choice([("mehrere", "several", "plusieurs"), ("drei", "three", "trois")])
    return (
        f"{a[0]} hat {many[0]} {n.de[1]} {v[0]}.",
        f"{a[1]} {v[2]} {many[1]} {n.en[1]}.",
        f"{a[2]} a {v[3]} {many[2]} {n.fr[1]}.",
    )


def _money(d: _Draw) -> tuple[str, str, str]:
    n, whole, part = d.noun(), d.number(99), d.number(9)
    verb = ("kosten", "cost", "coûtent") if n.gender == "p" else ("kostet", "costs", "coûte")
    return (
        f"{german(n, 'nom')} {verb[0]} {whole},{part} Milliarden Euro.",
        f"{english(n)} {verb[1]} {whole}.{part} billion euros.",
        f"{french(n)} {verb[2]} {whole},{part} milliards d'euros.",
    )


def _said(d: _Draw) -> tuple[str, str, str]:
    a, n, j = d.actor(), d.noun(), d.adjective()
    be = _is(n)
    return (
        f"{a[0]} sagte, dass {german(n, 'nom')} {j[0]} {be[0]}.",
        f"{a[1]} said that {english(n)} {be[1]} {j[1]}.",
        f"{a[2]} a dit que {french(n)} {be[2]} {_agree(j, n)}.",
    )


def _but(d: _Draw) -> tuple[str, str, str]:
    a, n, v, b, m = d.actor(), d.noun(), d.verb(), d.actor(), d.noun()
    return (
        f"{a[0]} hat {german(n, 'acc')} {v[0]}, aber {b[0]} will {german(m, 'acc')} ablehnen.",
        f"{a[1]} {v[2]} {english(n)}, but {b[1]} wants to reject {english(m)}.",
        f"{a[2]} a {v[3]} {french(n)}, mais {b[2]} veut rejeter {french(m)}.",
    )


TEMPLATES: tuple[Template, ...] = (
    _perfect, _weekday, _travel, _since, _protest, _quote, _talks, _after, _wants, _new_one,
    _several, _money, _said, _but,
)  # fmt: skip


def upper(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sentences(count: int, seed: int, usual: float = 0.75) -> list[Sentence]:
    """Make `count` sentences; `usual` is the share of nouns translated in the usual way."""
    draw = _Draw(random.Random(seed), usual)
    made = (draw.chance.choice(TEMPLATES)(draw) for _ in range(count))
    return [Sentence(*(upper(text) for text in texts)) for texts in made]


def held_out(sentence: Sentence) -> bool:
    """Whether no model was trained on a sentence."""
    digest = hashlib.sha256(sentence.de.encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_SHARE == 0


# What a glossary may demand: words that the models have never seen, or not as translations.
# gender | German, plural | English, plural | French, plural, gender; the German of the last
# rows is new as well.
_DEMANDED = """
conclave, conclaves | conclave, conclaves, m
pact, pacts | pacte, pactes, m
initiative, initiatives | initiative, initiatives, f
convention, conventions | convention, conventions, f
emergency meeting, emergency meetings | réunion d'urgence, réunions d'urgence, f
framework agreement, framework agreements | accord-cadre, accords-cadres, m
package, packages | paquet, paquets, m
charter, charters | charte, chartes, f
"""
_NEW_SOURCES = """
m | Zollstreit, Zollstreite | customs dispute, customs disputes | conflit douanier, conflits douaniers, m
n | Rüstungspaket, Rüstungspakete | arms package, arms packages | paquet d'armement, paquets d'armement, m
f | Lockerung, Lockerungen | easing, easings | assouplissement, assouplissements, m
f | Seilbahn, Seilbahnen | cable car, cable cars | télécabine, télécabines, f
m | Untersuchungsausschuss, Untersuchungsausschüsse | inquiry committee, inquiry committees | commission d'enquête, commissions d'enquête, f
"""


@dataclass(frozen=True)
class Demanded:
    """A sentence in which a term is translated as a glossary demands.

    `kind` is `seen` (the models know the translation as the rarer one), `new` (they do not
    know it) or `unknown` (nor the German word). `term` stands in the German; `targets` are
    what is demanded in English and French.
    """

    sentence: Sentence
    kind: str
    term: str
    targets: dict[str, str]


class _DrawDemanded(_Draw):
    """Draws a sentence whose first noun is another one than the models expect."""

    kind = ""
    first: Noun | None = None

    def noun(self, *, countable: bool = False) -> Noun:
        noun = super().noun(countable=countable)
        if self.first is None:
            self.kind = self.chance.choice(["seen", "new", "unknown"])
            noun = self.first = self._other(noun)
        return noun

    def _other(self, noun: Noun) -> Noun:
        choices = next(c for c in NOUNS if c[0].de == noun.de)
        if self.kind == "seen" and len(choices) > 1:
            return self.chance.choice(choices[1:])
        if self.kind == "unknown":
            line = self.chance.choice(_NEW_SOURCES.strip().splitlines())
            return _noun_choices(line)[0]
        self.kind = "new"
        line = self.chance.choice(_DEMANDED.strip().splitlines())
        gender = "m" if noun.gender == "p" else noun.gender
        return _noun_choices(f"{gender} | {', '.join(noun.de)} | {line}")[0]


def demanded(count: int, seed: int) -> list[Demanded]:
    """Make `count` sentences, each with a term that a glossary demands."""
    found: list[Demanded] = []
    chance = random.Random(seed)
    while len(found) < count:
        draw = _DrawDemanded(chance, usual=1.0)
        made = Sentence(*(upper(text) for text in draw.chance.choice(TEMPLATES)(draw)))
        noun = draw.first
        if noun is None:
            continue
        term = next((form for form in reversed(noun.de) if form in made.de), "")
        if term:
            found.append(Demanded(made, draw.kind, term, {"en": noun.en[0], "fr": noun.fr[0]}))
    return found


class _DrawBoth(_DrawDemanded):
    """Draws a sentence whose nouns are all other ones than the models expect."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance, usual=1.0)
        self.drawn: list[tuple[str, Noun]] = []

    def noun(self, *, countable: bool = False) -> Noun:
        self.first = None
        noun = super().noun(countable=countable)
        self.drawn.append((self.kind, noun))
        return noun


def demanded_twice(count: int, seed: int) -> list[tuple[Demanded, Demanded]]:
    """Make `count` sentences, each with two terms that a glossary demands."""
    found: list[tuple[Demanded, Demanded]] = []
    chance = random.Random(seed)
    while len(found) < count:
        draw = _DrawBoth(chance)
        made = Sentence(*(upper(text) for text in _but(draw)))
        terms = [
            Demanded(made, kind, noun.de[0], {"en": noun.en[0], "fr": noun.fr[0]})
            for kind, noun in draw.drawn
        ]
        one, other = terms
        if one.term != other.term and one.targets["en"] != other.targets["en"]:
            found.append((one, other))
    return found
