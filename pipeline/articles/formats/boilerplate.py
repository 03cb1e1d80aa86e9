"""Recognition of boilerplate, bylines and picture credits in German news pages.

Editorial systems use the same few phrases; each rule is a family of them. Lines that are
longer than these phrases are not examined.
"""

from __future__ import annotations

import re

_MAX_LENGTH, _MAX_CONSENT = 120, 400
_END = (
    r"das k(?:ö|oe)nnte (?:sie|ihnen|dich|dir)\b.*|auch (?:interessant|lesenswert)"
    r"|(?:mehr|weitere|aktuelle|neueste|ähnliche|verwandte|passende|empfohlene) "
    r"(?:artikel|beiträge|meldungen|nachrichten|themen|videos|inhalte|news)\b.*"
    r"|(?:alle |neue )?(?:leser)?kommentare?(?: \(?\d+\)?| (?:schreiben|lesen|anzeigen|verfassen))?"
    r"|(?:keine|\d+) kommentare?|diskutieren sie mit.*|schreiben? sie einen kommentar"
    r"|kommentar (?:hinterlassen|verfassen)|ihre meinung.*|aktuelles|neueste[sn]?|top-?themen"
    r"|(?:meist|am meisten )(?:gelesen|geklickt|kommentiert|geteilt)e?s?n?.*|empfehlungen?"
    r"|(?:abonnieren|bestellen|erhalten) sie (?:jetzt |hier )?(?:unseren?|den|das neueste)\b.*"
    r"|(?:jetzt |hier )?(?:zum |zur )?newsletter\b.*|.{0,30}\bnewsletter (?:anmeld|abonn|bestell).*"
    r"|folgen sie uns\b.*|über (?:den autor|die autorin|uns)|unsere (?:partner|empfehlung).*"
)
_LABEL = (
    r"(?:(?:direkt |gleich |weiter |springe[n]? |zurück )*(?:zum|zur|zu den) )"
    r"(?:haupt)?(?:inhalt|navigation|suche|menü|startseite|seitenanfang|fu(?:ß|ss)zeile|artikel"
    r"|übersicht|kommentaren)(?: (?:springen|wechseln|gehen))?"
    r"|(?:lesen|sehen|hören|schauen|erfahren) sie (?:hier |dazu |hierzu |jetzt )?"
    r"(?:auch|mehr|weiter)\b.*|(?:lies|sieh) (?:auch|mehr).*|weiterlesen\b.*|mehr (?:dazu|zum thema"
    r"|lesen|anzeigen|erfahren|laden|aus|über)\b.*|mehr|siehe auch:?.*|zum thema:?.*"
    r"|(?:anzeige|werbung|sponsored|advertisement|advertorial)"
    r"|(?:jetzt )?(?:teilen|drucken|merken|speichern|anmelden|abmelden|registrieren|einloggen"
    r"|abonnieren|kommentieren|weiterleiten|vorlesen|anhören|suchen?|menü|schlie(?:ß|ss)en)"
    r"|(?:artikel |seite |beitrag )(?:teilen|drucken|merken|versenden|anhören|vorlesen|melden).*"
    r"|(?:auf |per |via |bei )?(?:facebook|twitter|x|whatsapp|telegram|linkedin|xing|instagram"
    r"|pinterest|e-?mail|mail|youtube|tiktok|bluesky|mastodon|threads|flipboard|rss)"
    r"(?: (?:teilen|senden|folgen))?|startseite|home|impressum|datenschutz\w*|agb|kontakt|hilfe"
    r"|cookie.{0,40}|nutzungsbedingungen|barrierefreiheit|mediadaten|karriere|login|abo|suche"
    r"|(?:quelle|quellen|tags?|schlagw(?:ort|orte|örter)|stichw(?:ort|orte|örter)|themen|kategorien?"
    r"|rubrik|ressort|permalink|link kopieren|url|hashtags?)(?:\s?:.*)?"
    r"|(?:©|\(c\)|copyright).{0,90}|alle rechte vorbehalten.?|link (?:kopieren|kopiert).?"
    r"|(?:vorherige|nächste|vorige)[rs]? (?:artikel|beitrag|seite|meldung)|[<>«»‹›|/↑↓→←\W_]+"
    r"|\d+(?:[.,]\d+)? ?(?:kommentare?|shares?|likes?|aufrufe|mal geteilt|follower|reaktionen)"
    r"|newsletter|podcast|video|bilder|galerie|bildergalerie|fotostrecke|live-?ticker|eilmeldung"
)
_DATE = (
    r"\d{1,2}\.\s?(?:\d{1,2}\.|jan\w*|jän\w*|feb\w*|mär\w*|mrz|apr\w*|mai|jun\w*|jul\w*|aug\w*"
    r"|sep\w*|okt\w*|nov\w*|dez\w*)\.?\s?(?:\d{2,4})?|\d{4}-\d\d-\d\d"
)
_WHEN = rf"(?:(?:mo|di|mi|do|fr|sa|so)\w*\.?,? )?(?:den |dem )?(?:{_DATE})"
_TIME = r"(?:[\s,|–-]*(?:um )?\d{1,2}[:.]\d\d(?: ?uhr)?)?"
_BYLINE = (
    r"von|von (?:unsere[mrn] \w+.*|der redaktion|redaktion)"
    r"|(?:autor|redaktion|stand|datum|aktualisiert"
    r"|veröffentlicht)(?:en|in|innen|[:*]in(?:nen)?)?(?: am| von| um)?\s?:\s?.{2,70}"
    r"|(?:stand|aktualisiert|veröffentlicht|publiziert|erstellt|zuletzt (?:aktualisiert|geändert)"
    r"|letzte aktualisierung)(?: am| um)?:?\s(?=\D{0,20}\d)[^.!?]{0,20}\d.{0,40}"
    r"|(?:ca\. |etwa )?\d{1,3}\s?min(?:\.|uten?)? (?:lesezeit|lesedauer|zu lesen|gelesen)"
    r"|(?:lesezeit|lesedauer)\s?:?\s(?=\D{0,8}\d).{1,30}"
    r"|vor \d+ (?:minuten?|stunden?|tag(?:en)?|wochen?)"
    rf"|{_WHEN}{_TIME}(?: ?uhr)?|(?:heute|gestern)?,? ?(?:um )?\d{{1,2}}[:.]\d\d ?uhr"
    r"|\(?(?:dpa|afp|apa|sda|reuters|ap|epd|kna|sid)(?:[/, -]+\w+)*\)?"
)
_CREDIT = (
    r"(?:(?:foto|bild|grafik|karte|illustration|montage|screenshot)(?:s|er|quelle|nachweis"
    r"|credit|rechte|beschreibung|unterschrift|text)?s?|(?:symbol|archiv)(?:bild|foto))\s?:.*"
    r"|\(?(?:symbol|archiv|beispiel)(?:bild|foto|aufnahme)\)?\.?"
)
_CREDIT_AT_END = re.compile(
    r"(?:[(\[]|(?<!\bdas)(?<!\bdem)(?<!\bein)(?<!\bdie)(?<!\bder)\s)"
    r"(?:(?:foto|bild|grafik|quelle|copyright)s?\s?:\s?|©\s?)[^.!?]{2,60}[)\]]?\.?$"
    r"|[/|©]\s?(?:dpa(?:-\w+)?|afp|getty(?: images)?|imago(?: images)?|picture alliance|reuters"
    r"|epa|ap(?: photo)?|keystone|apa|shutterstock)[^.!?\s]{0,20}[)\]]?$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:(?:Dr|Prof)\. )*[A-ZÄÖÜÉ][\w.'’-]+"
    r"(?: (?:von|van|de|der|den|zu|und|[A-ZÄÖÜÉ][\w.'’-]*),?){1,6}"
)
_FULL = r"\s*(?:{})\s*[:.!»>…→]*\s*"
_ENDS = re.compile(_FULL.format(_END), re.IGNORECASE)
_LABELS = re.compile(_FULL.format(_LABEL), re.IGNORECASE)
_LINKS = re.compile(
    r"(?:lesen|sehen|hören|schauen|lies|sieh) |(?:mehr|weitere|ähnliche|verwandte|passende) "
    r"|themen|tags?\b|schlagw|siehe auch|zum thema|auch interessant|das könnte|meistgelesen",
    re.IGNORECASE,
)
_PLACE = r"[A-ZÄÖÜ][\w./-]+(?: (?:am|an der|a\. d\.|im|in|bei) )?(?:[ -][A-ZÄÖÜ(][\w./)-]+){0,2}"
_BYLINES = re.compile(_FULL.format(_BYLINE), re.IGNORECASE)
_GENRE = (
    r"artikel|beitrag|bericht|gastbeitrag|kommentar|gastkommentar|interview|porträt|essay|leitartikel"
    r"|analyse|reportage|kolumne|rezension|glosse|kritik"
)
_BY_NAME = re.compile(
    rf"(?:[Vv]on|VON|(?:Text|Texte|Bericht|Interview|Protokoll|Redaktion)(?: und [A-Z]\w+)?:"
    rf"|(?:(?:[Ee]ine?|[Ee]in) (?i:{_GENRE})|[Vv]erfasst|[Gg]eschrieben) von) "
    rf"(?:{_NAME.pattern})(?:,? .{{0,30}})?"
)
# "Altenau, den 12.3.2025": place and date of a press release.
_DATELINE = re.compile(rf"{_PLACE}(?:, ?|\s?[|/–-]\s?)(?i:{_WHEN})(?i:{_TIME})(?: ?Uhr)?")
_CREDITS = re.compile(_CREDIT, re.IGNORECASE)


# Labels of pages that are also headings of articles.
_HEADINGS = re.compile(
    _FULL.format(
        r"kommentare?|aktuelles|neueste[sn]?|empfehlungen?|über uns|quellen?|themen|kontakt|hilfe"
        r"|karriere|barrierefreiheit|suche|datenschutz|zum thema"
    ),
    re.IGNORECASE,
)
# Words with which a page speaks of itself, of its readers and of what they may order.
_ABOUT_PAGE = re.compile(
    r"\b(?:diese[rs]? (?:artikel|beitrag|text|seite|website|webseite)|newsletter|postfach"
    r"|cookies?|datenschutz\w*|urheberrecht\w*|nutzungsbedingungen|abonnieren|abonnement|abonnent\w*"
    r"|(?:unser\w*|ihre?) (?:angebot\w*|leser\w*|benutzer\w*|nutzer\w*|redaktion|partner\w*"
    r"|e-mail\w*)"
    r"|erhalten sie|melden sie sich|registrier\w+|alle rechte|illustrativ\w*|bildnachweis"
    r"|titelbild|werbefrei\w*|probeabo|kündbar|anmelden|einwilligung)\b",
    re.IGNORECASE,
)
# Class: cookie banners. The page asks for consent, in whole sentences.
_CONSENT = re.compile(
    r"(?:wir(?: und unsere \w+)?|diese (?:seite|website|webseite)|unsere (?:seite|website|webseite)"
    r"|auf dieser (?:seite|website|webseite)) (?:verwende|nutz|benutz|setz|speicher|werde)\w*\b"
    r".{0,60}\bcookies?\b.*"
    r"|(?:mit|durch) (?:der|die) (?:weiteren? )?nutzung (?:dieser|unserer) .{0,60}"
    r"(?:cookies?|zu)\b.*"
    r"|(?:alle(?: cookies)?|nur (?:notwendige|erforderliche)(?: cookies)?) "
    r"(?:akzeptieren|ablehnen|zulassen|erlauben|annehmen)"
    r"|(?:akzeptieren|ablehnen|zustimmen|einverstanden|verstanden)"
    r"(?: und (?:weiter|schlie(?:ß|ss)en).*)?"
    r"|ich (?:stimme zu|bin einverstanden|lehne ab)"
    r"|(?:cookie|datenschutz|privatsphäre)-?(?:einstellungen|banner|hinweise?|richtlinien?)"
    r"(?: (?:ansehen|öffnen|verwalten|anpassen|ändern))?"
    r"|(?:einstellungen|auswahl|präferenzen) (?:verwalten|speichern|anpassen|ändern|bestätigen)"
    r"|mit werbung (?:weiterlesen|nutzen|lesen).*|weiter mit werbung",
    re.IGNORECASE,
)


def is_end(line: str) -> bool:
    """Return whether a line is a label below an article: links, comments, newsletter."""
    return len(line) <= _MAX_LENGTH and bool(_ENDS.fullmatch(line))


def is_boilerplate(line: str) -> bool:
    """Return whether a line belongs to the page, not to the article."""
    if is_consent(line):
        return True
    return len(line) <= _MAX_LENGTH and bool(_LABELS.fullmatch(line) or _ENDS.fullmatch(line))


def is_consent(text: str) -> bool:
    """Return whether a text is part of a cookie banner: a request for consent, or an answer."""
    return len(text) <= _MAX_CONSENT and bool(_CONSENT.fullmatch(text.rstrip(".! ")))


def may_be_heading(line: str) -> bool:
    """Return whether a label of pages may be the heading of an article's text."""
    return bool(_HEADINGS.fullmatch(line))


def is_about_page(text: str) -> bool:
    """Return whether running text is about the page and its readers, not about its subject."""
    return bool(_ABOUT_PAGE.search(text))


def precedes_links(line: str) -> bool:
    """Return whether a line is a label above a list of other articles."""
    return is_boilerplate(line) and bool(_LINKS.match(line))


def is_byline(line: str) -> bool:
    """Return whether a line has the author, date, agency or reading time."""
    if len(line) > _MAX_LENGTH:
        return False
    return bool(_BYLINES.fullmatch(line) or _BY_NAME.fullmatch(line))


def is_dateline(line: str) -> bool:
    """Return whether a line is a place and a date, as above a press release or below a notice."""
    return len(line) <= _MAX_LENGTH and bool(_DATELINE.fullmatch(line))


def is_name(line: str) -> bool:
    """Return whether a line may be a personal name: two to seven capitalized words."""
    return len(line) <= 60 and bool(_NAME.fullmatch(line))


def is_credit(line: str) -> bool:
    """Return whether a line is a caption, with a credit at its start or end."""
    if len(line) > 400:
        return False
    return bool(_CREDITS.fullmatch(line) or _CREDIT_AT_END.search(line[-90:]))
