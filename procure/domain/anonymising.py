"""What in a text tells whose matter it is: found and proposed for removal, in Finnish, Swedish and English.

Two sources: names that are known (cities, the people and suppliers of a case, its title and references), also in the bent forms of
Finnish, and shapes (amounts, identifiers, addresses of every kind). It finds too much rather than too little: a person decides each.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

KINDS: Final = (
    "place", "person", "company", "reference", "title", "words", "amount", "identity_code", "business_id", "iban", "email", "phone",
    "url", "address", "date",
)  # fmt: skip

REPLACEMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "place": {"fi": "kaupunki", "sv": "en stad", "en": "a city"},
    "person": {"fi": "[nimi]", "sv": "[namn]", "en": "[name]"},
    "company": {"fi": "[yritys]", "sv": "[företag]", "en": "[company]"},
    "reference": {"fi": "[asianumero]", "sv": "[ärendenummer]", "en": "[case number]"},
    "title": {"fi": "[hankinta]", "sv": "[upphandling]", "en": "[procurement]"},
    "words": {"fi": "[poistettu]", "sv": "[borttaget]", "en": "[removed]"},
    "amount": {"fi": "[summa]", "sv": "[belopp]", "en": "[amount]"},
    "identity_code": {"fi": "[henkilötunnus]", "sv": "[personbeteckning]", "en": "[personal identity code]"},
    "business_id": {"fi": "[Y-tunnus]", "sv": "[FO-nummer]", "en": "[business ID]"},
    "iban": {"fi": "[tilinumero]", "sv": "[kontonummer]", "en": "[account number]"},
    "email": {"fi": "[sähköpostiosoite]", "sv": "[e-postadress]", "en": "[e-mail address]"},
    "phone": {"fi": "[puhelinnumero]", "sv": "[telefonnummer]", "en": "[phone number]"},
    "url": {"fi": "[verkko-osoite]", "sv": "[webbadress]", "en": "[web address]"},
    "address": {"fi": "[osoite]", "sv": "[adress]", "en": "[address]"},
    "date": {"fi": "[päivä]", "sv": "[dag]", "en": "[date]"},
}  # fmt: skip
"""Kind -> language of the text -> what stands there instead."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is known beforehand. `places`: every name of every city, in all languages; `titles`: of the case, whole; `words`: anything
    else that somebody has chosen to remove."""

    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """Characters `start` to `end` (without) of the text of that field, and what is to stand there."""

    part: str
    start: int
    end: int
    kind: str
    text: str
    replacement: str


# names and their forms

_GRADES: Final = (
    ("nki", "ngi"), ("nta", "nna"), ("nto", "nno"), ("rku", "ru"), ("hti", "hde", "hte"), ("niemi", "nieme"), ("joki", "joe", "joke"),
    ("mäki", "mäe", "mäke"), ("koski", "koske"), ("nen", "se", "s"), ("järvi", "järve"), ("lahti", "lahde", "lahte"),
    ("saari", "saare"), ("kki", "ki"), ("ppi", "pi"), ("tti", "ti"), ("kka", "ka"), ("kko", "ko"), ("tto", "to"), ("tta", "ta"),
    ("lto", "llo"), ("lta", "lla"), ("rta", "rra"), ("mpi", "mmi"), ("s", "kse", "kse", "kaa", "kää"),
)  # fmt: skip
"""Endings whose sounds change when a Finnish name is bent: Helsinki, Helsingin; Lahti, Lahden, Lahteen; Virtanen, Virtasen."""
_BEFORE, _AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_TAIL: Final = r"(?::?[a-zåäö]{1,8})?"
"""What may follow a stem: an ending of any of the three languages ("Oulussa", "Åbos", "helsinkiläinen", "THL:n")."""


def stems(name: str) -> tuple[str, ...]:
    """The name and the other beginnings of its Finnish forms: "Turku" gives "Turku" and "Turu"."""
    lower = name.casefold()
    found = [name]
    for ending, *others in _GRADES:
        if lower.endswith(ending) and len(name) >= len(ending) and len(name) > 3:
            found += [name[: -len(ending)] + (other.capitalize() if name[-len(ending)].isupper() else other) for other in others]
    if lower.endswith(("i", "e")) and len(name) > 3:  # Saari, Saaren; Tampere, Tampereella
        found.append(name[:-1] + "e")
    return tuple(dict.fromkeys(found))


def _bent(name: str) -> str:
    """A pattern for the name, its last word in any form."""
    words = [re.escape(word) for word in name.split()]
    if not words:
        return r"(?!)"
    last = "|".join(re.escape(stem) for stem in sorted(stems(name.split()[-1]), key=len, reverse=True))
    return r"[\s\u00a0]+".join([*words[:-1], f"(?:{last})"]) + _TAIL


COMMON_NOUNS: Final = ("Lahti",)
"""Names that are words too: found only with a capital letter."""


def _place(name: str) -> re.Pattern[str]:
    city = r"(?:(?<=n)[\s\u00a0]+kaupun[kg]\w*|[\s\u00a0]+stad(?:en)?s?\b)?"
    form = _bent(name)
    if name in COMMON_NOUNS:
        return re.compile(rf"{_BEFORE}(?:(?:the\s+)?(?:[Cc]ity of|staden)\s+)?(?:{form}|{form.upper()}){_AFTER}{city}")
    return re.compile(rf"{_BEFORE}(?:(?:the[\s\u00a0]+)?(?:city of|staden)[\s\u00a0]+)?{form}{_AFTER}{city}", re.IGNORECASE)


def _person(name: str) -> Iterator[re.Pattern[str]]:
    """The whole name in any case of letters; each of its parts, and both in the other order, with a capital."""
    parts = [part for part in re.split(r"[\s,]+", name) if len(part) > 1]
    if not parts:
        return
    yield re.compile(f"{_BEFORE}{_bent(' '.join(parts))}{_AFTER}", re.IGNORECASE)
    for part in parts:
        if len(part) > 2:
            yield re.compile(f"{_BEFORE}(?:{_bent(part)}|{re.escape(part.upper())}){_AFTER}")


_FORMS: Final = r"Oyj|Oy|Abp|Ab|AB|Ky|Tmi|GmbH|Ltd|Inc|LLC|PLC|Aps|A/S|B\.?V\.?|S\.?A\.?|Corp"
_FORM_END: Final = re.compile(rf"[\s,]+(?:{_FORMS})\.?$", re.IGNORECASE)


def _company(name: str) -> Iterator[re.Pattern[str]]:
    """The name with and without its form: "Sensori Oy", "Sensorille"."""
    short = _FORM_END.sub("", name.strip())
    for form in {name.strip(), short}:
        if len(form) > 1:
            yield re.compile(f"{_BEFORE}{_bent(form)}{_AFTER}", re.IGNORECASE)


def _literal(text: str) -> re.Pattern[str]:
    spaced = r"[\s\u00a0]+".join(re.escape(word) for word in text.split())
    return re.compile(spaced or r"(?!)", re.IGNORECASE)


# shapes

_N: Final = r"(?:\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)"
_NUMERAL: Final = (
    r"(?:puol(?:i|en|ta)|yksi|yhden|kaksi|kahden|kolme\w?|neljä\w?|viisi|viiden|kuusi|kuuden|kymmenen|"
    r"half\sa|one|two|three|four|five|six|ten|en\shalv|en|två|tre|fyra|fem|sex|tio)"
)
_SCALE: Final = (
    r"(?:milj\.?|miljoon\w*|miljard\w*|million\w*|miljon\w*|billion\w*|mrd\.?|mn|tuhat\w*|tuhan\w*|tusen|thousand|M|k|t)"
)
_EURO: Final = r"(?:€|euro\w*|EUR\b|e\b)"
_CAPITAL: Final = r"[A-ZÅÄÖ][\w&’'\-]*(?:\.[\w&’'\-]+)*"
_ROLES: Final = (
    r"(?:[\wåäö-]*(?:johtaja|päällikkö|asiantuntija|insinööri|suunnittelija|sihteeri|lakimies|juristi|koordinaattori|arkkitehti|tohtori)"
    r"\w{0,4}|[\wåäö-]*(?:chef|direktör|expert|ingenjör|jurist|koordinator|sekreterare|planerare|handläggare)(?:en|n|s)?|"
    r"herra|rouva|herr|fru|mr|mrs|ms|dr|prof(?:essor)?|(?:project|procurement|service|development)?\s?(?:manager|director|officer|lawyer|"
    r"engineer|coordinator|specialist|mayor|head))"
)
_STREET: Final = (
    r"[A-ZÅÄÖ][\wåäö-]*(?:kat[uo]\w*|kadu\w*|tie(?:n|ll[aeä]|lt[aä]|tä)?|kuja\w*|polku|polu\w*|raitti\w*|raiti\w*|tori\w*|aukio\w*|väylä\w*|"
    r"ranta|rannan|rinne|vägen|väg|gatan|gata|gränden|gränd|stigen|torget|kajen)"
)

_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern, flags))
    for kind, pattern, flags in (
        ("email", r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", 0),
        ("url", r"(?:https?://|www\.)[^\s<>\"”]*[^\s<>\"”.,;:!?)\]]", re.IGNORECASE),
        ("url", r"(?<![\w@.])(?:[\w-]+\.)+(?:fi|com|eu|net|org|se|io|gov)\b(?:/[^\s<>\"”.,;)]*)*", re.IGNORECASE),
        ("iban", r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?(?![^\W_])", 0),
        ("identity_code", r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+ABCDEFUVWXY]\d{3}[0-9A-FHJ-NPR-Y](?![^\W_])", 0),
        ("business_id", r"(?<!\d)\d{6,7}[-–]\d(?!\d)|(?<![^\W_])FI\s?\d{8}(?!\d)", 0),
        ("reference", r"(?<![^\W_])[A-ZÅÄÖ]{2,6}[ \u00a0:/-]{0,2}\d{4}[-/–]\d{2,7}(?!\d)", 0),
        ("reference", r"(?<![^\W_])[A-ZÅÄÖ]{1,6}[/:]\d{1,7}(?:[/:.–-]\d+)+(?![\d])", 0),
        ("reference", r"(?<![^\W_])(?:T|D|Dno|Dnro|Diaari\w*|dnr)[-: ]{1,2}\d{3,}(?:[/.–-]\d+)*(?!\d)", re.IGNORECASE),
        ("reference", r"(?<!\d)\d{1,7}/\d{2}(?:\.\d{2})*/\d{4}(?!\d)|(?<!\d)\d{4}/S[ \u00a0]?\d{1,3}-\d{4,6}(?!\d)", 0),
        ("reference", r"(?<!\d)\d{5,6}[-–]20\d{2}(?!\d)", 0),
        ("phone", r"(?<![\w+])(?:\+|00)\d[\d \u00a0()-]{6,16}\d(?!\d)", 0),
        ("phone", r"(?<![\d.,/§-])\(?0\d{1,2}\)?[ \u00a0-]?\d{3,4}[ \u00a0-]?\d{2,5}(?![\d.,/]\d)(?!\d)", 0),
        ("amount", rf"(?:€|EUR)[ \u00a0]?{_N}(?:[ \u00a0]?{_SCALE}(?![^\W\d_]))?", re.IGNORECASE),
        ("amount", rf"(?<![\d.,]){_N}[ \u00a0]?-?(?:{_SCALE}[ \u00a0]?)?{_EURO}(?![^\W\d_])", re.IGNORECASE),
        ("amount", rf"(?<![^\W_]){_NUMERAL}[ \u00a0]{_SCALE}(?![^\W\d_])(?:[ \u00a0](?:{_EURO}))?", re.IGNORECASE),
        ("amount", rf"(?<![\d.,]){_N}[ \u00a0](?:milj\.?|miljoon\w*|miljard\w*|[mb]illion\w*|miljon\w*)(?![^\W\d_])", re.IGNORECASE),
        ("company", rf"{_BEFORE}(?:(?:Oy|Ab|AB)[ \u00a0])?(?:{_CAPITAL}[ \u00a0]){{1,4}}(?:{_FORMS})(?::[a-zåäö]+)?{_AFTER}", 0),
        ("company", rf"{_BEFORE}[\w&.-]+[ \u00a0](?:oyj|oy)(?::[a-zåäö]+)?{_AFTER}", re.IGNORECASE),
        ("company", rf"{_BEFORE}Oy[ \u00a0]{_CAPITAL}(?:[ \u00a0]{_CAPITAL}){{0,2}}", 0),
        ("person", rf"{_BEFORE}(?i:{_ROLES})\.?[ \u00a0](?P<found>[A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäöé]+)?"
                   r"(?:[ \u00a0](?:von|af|de)?[ \u00a0]?[A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäöé]+)?){1,2})", 0),
        ("address", rf"{_BEFORE}{_STREET}[ \u00a0]\d+(?:[ \u00a0]?[a-zA-Z])?(?:[ \u00a0]\d+)?(?![^\W_])", 0),
        ("address", rf"(?<!\d)\d{{1,4}}[ \u00a0](?:{_CAPITAL}[ \u00a0]){{1,2}}(?:Street|Road|Avenue|Lane|Square)\b", 0),
        ("address", r"(?<!\d)\d{5}[ \u00a0]+[A-ZÅÄÖ]{3,}\b", 0),
    )
)  # fmt: skip

_MONTHS: Final = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w*|januari|februari|mars|april|maj|juni|juli|augusti|"
    r"september|oktober|november|december|January|February|March|May|June|July|August|October"
)
_DATE: Final = re.compile(
    rf"(?<![\d.])\d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?!\d)|(?<!\d)\d{{4}}-\d{{2}}-\d{{2}}(?!\d)|(?<!\d)\d{{1,2}}\.?[ \u00a0](?:{_MONTHS})"
    r"(?:[ \u00a0]\d{4})?",
    re.IGNORECASE,
)

_COMPANIES: Final = [pattern for kind, pattern in _SHAPES if kind == "company"]


def companies_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Names of companies with their forms ("Sensori Oy"), each once: by them their short forms are found in other texts."""
    return tuple(dict.fromkeys(match[0] for text in texts for pattern in _COMPANIES for match in pattern.finditer(text)))


# proposing


def propose(texts: Mapping[str, str], names: Names, language: str, *, dates: bool = False) -> tuple[Removal, ...]:
    """Everything to be removed from the texts of one language (field -> text), in their order; no two overlap.

    `dates`: exact days too; they seldom tell whose matter it is, and articles are full of days on which a rule began to hold.
    """
    patterns = [*_known(names), *_SHAPES, *((("date", _DATE),) if dates else ())]
    return tuple(
        Removal(part, start, end, kind, text[start:end], replacement(kind, text[start:end], language))
        for part, text in texts.items()
        for start, end, kind in _merged(_spans(text, patterns))
    )


def _known(names: Names) -> Iterator[tuple[str, re.Pattern[str]]]:
    for text in names.titles:
        yield "title", _literal(text)
    for text in names.references:
        yield "reference", _literal(text)
    for text in names.words:
        yield "words", _literal(text)
    for name in names.companies:
        yield from (("company", pattern) for pattern in _company(name))
    for name in names.people:
        yield from (("person", pattern) for pattern in _person(name))
    for name in names.places:
        yield "place", _place(name)


def _spans(text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in patterns:
        group = "found" if "found" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            if match[group].strip():
                yield (*match.span(group), kind)


def _merged(spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Overlapping ones become one, of the kind of the longest: nothing of any of them may survive."""
    merged: list[tuple[int, int, str]] = []
    longest = 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            before, until, known = merged[-1]
            merged[-1] = (before, max(until, end), kind if end - start > longest else known)
            longest = max(longest, end - start)
        else:
            merged.append((start, end, kind))
            longest = end - start
    return merged


_CASES: Final = (
    ("ssa", "kaupungissa"), ("ssä", "kaupungissa"), ("sta", "kaupungista"), ("stä", "kaupungista"), ("lla", "kaupungissa"),
    ("llä", "kaupungissa"), ("lta", "kaupungista"), ("ltä", "kaupungista"), ("lle", "kaupungille"), ("ksi", "kaupungiksi"),
    ("aan", "kaupunkiin"), ("oon", "kaupunkiin"), ("uun", "kaupunkiin"), ("iin", "kaupunkiin"), ("een", "kaupungin"),
    ("ään", "kaupunkiin"), ("n", "kaupungin"),
)  # fmt: skip


def replacement(kind: str, text: str, language: str) -> str:
    """What is put in place of the text; a Finnish city in the case in which it stood ("Oulussa" gives "kaupungissa")."""
    if kind == "place" and language == "fi":
        last = text.split()[-1].casefold()
        return next((form for ending, form in _CASES if last.endswith(ending)), REPLACEMENTS[kind][language])
    return REPLACEMENTS[kind][language]


def without(text: str, removals: Iterable[Removal]) -> str:
    """The text with the removals made; they are all of this text, and no two overlap."""
    for removal in sorted(removals, key=lambda one: one.start, reverse=True):
        text = text[: removal.start] + removal.replacement + text[removal.end :]
    return text


# deciding

Texts = Mapping[str, Mapping[str, str]]
"""Language -> field -> text."""
AROUND: Final = 60
"""Characters of the text that show on either side."""
LONGEST_KEPT: Final = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a proposed text stands."""

    part: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to decide: the same words of one language are decided together. `key` names it in a form."""

    key: str
    language: str
    kind: str
    text: str
    replacement: str
    places: tuple[Seen, ...]


def kept_form(text: str) -> str:
    """How a text that is kept is remembered, whatever its capitals and spaces."""
    return " ".join(text.casefold().split())[:LONGEST_KEPT]


def proposals(texts: Texts, names: Names, kept: Collection[str]) -> tuple[Proposal, ...]:
    """What is still to be decided, in the order of the texts. `kept`: what has been decided to stay, as `kept_form` gives it."""
    found: dict[str, list[tuple[str, Removal]]] = {}
    for language, fields in texts.items():
        for removal in propose(fields, names, language):
            if kept_form(removal.text) not in kept:
                found.setdefault(_key(language, removal.text), []).append((language, removal))
    return tuple(
        Proposal(
            key, group[0][0], group[0][1].kind, group[0][1].text, group[0][1].replacement,
            tuple(_seen(texts[language][removal.part], removal) for language, removal in group),
        )
        for key, group in found.items()
    )  # fmt: skip


def _key(language: str, text: str) -> str:
    return hashlib.sha256(f"{language}:{kept_form(text)}".encode()).hexdigest()[:12]


def _seen(text: str, removal: Removal) -> Seen:
    before, after = text[max(0, removal.start - AROUND) : removal.start], text[removal.end : removal.end + AROUND]
    return Seen(removal.part, before, removal.text, after)


def cleaned(texts: Texts, names: Names, remove: Collection[str]) -> dict[str, dict[str, str]]:
    """The texts without what those keys of `proposals` stand for."""
    return {
        language: {
            part: without(text, [r for r in propose({part: text}, names, language) if _key(language, r.text) in remove])
            for part, text in fields.items()
        }
        for language, fields in texts.items()
    }
