"""The languages that exports are written in: of their headings, their months, their yes and no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from babel import Locale

LANGUAGES = ("en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv", "fi")
"""English, and the others in which HubSpot exports (its export API: DE EN ES FI FR IT JA NL PL PT SV)."""
WORDS = {
    "en": (
        "date name stage amount owner created close company email status source value record deal lead last "
        "first type day cost spend"
    ),
    "de": (
        "datum phase stufe betrag besitzer erstellt erstellungsdatum abschlussdatum unternehmen firma vorname "
        "nachname quelle wert tag kampagne zustandiger"
    ),
    "es": (
        "fecha etapa nombre importe propietario creacion cierre empresa correo estado valor registro negocio "
        "apellidos oportunidad responsable moneda campana canal dia inversion gasto"
    ),
    "fr": (
        "date nom etape montant proprietaire creation cloture entreprise prenom statut valeur enregistrement "
        "transaction jour campagne depense"
    ),
    "it": (
        "data nome fase importo proprietario creazione chiusura azienda cognome stato fonte valore trattativa "
        "giorno campagna speso"
    ),
    "nl": (
        "datum naam fase bedrag eigenaar aangemaakt aanmaakdatum sluitingsdatum bedrijf voornaam achternaam "
        "bron waarde dag"
    ),
    "pl": "data nazwa etap kwota wlasciciel utworzenia zamkniecia firma imie nazwisko zrodlo wartosc transakcji dzien",
    "pt": (
        "data nome fase etapa valor proprietario criacao fechamento fecho empresa sobrenome apelido negocio "
        "fonte dia campanha"
    ),
    "sv": "datum namn fas steg belopp agare skapad skapandedatum slutdatum foretag fornamn efternamn kalla varde affar dag",
    "fi": "paivamaara nimi vaihe summa omistaja luotu luontipaiva sulkemispaiva yritys etunimi sukunimi lahde arvo kaupan",
}  # fmt: skip
YES = {
    "en": "true yes y t x on checked", "de": "ja wahr", "es": "sí si s verdadero", "fr": "oui vrai", "it": "sì vero",
    "ja": "はい 真", "nl": "waar", "pl": "tak prawda", "pt": "sim verdadeiro", "sv": "sant", "fi": "kyllä tosi",
}  # fmt: skip
NO = {
    "en": "false no n f off unchecked", "de": "nein falsch", "es": "falso", "fr": "non faux", "it": "", "ja": "いいえ 偽",
    "nl": "nee onwaar", "pl": "nie fałsz", "pt": "não nao", "sv": "nej falskt", "fi": "ei epätosi",
}  # fmt: skip


def plain(text: str) -> str:
    """A text without case and accents: `Création` and `creation` are one word."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def language(headings: Sequence[str]) -> str:
    """The language of a row of headings, as its ISO 639 code; `en` where nothing tells."""
    if any(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", h) for h in headings):
        return "ja"
    words = [w for h in headings for w in re.findall(r"[^\W\d_]+", plain(re.sub(r"([a-z])([A-Z])", r"\1 \2", h)))]
    known = _words()
    scores = {code: sum(1 / len(known[w]) for w in words if code in known.get(w, ())) for code in LANGUAGES}
    return max(LANGUAGES, key=lambda code: scores[code])


def is_day_first(code: str) -> bool:
    """Whether people who write this language write 31/12; English is taken for American, as most tools are."""
    return code not in ("en", "ja")


@cache
def _words() -> dict[str, tuple[str, ...]]:
    texts = {code: set(text.split()) for code, text in WORDS.items()}
    return {word: tuple(c for c, known in texts.items() if word in known) for text in texts.values() for word in text}


@cache
def months() -> dict[str, int]:
    """Names of months, long and short, in all languages -> 1..12; a name that means two months is left out."""
    found: dict[str, set[int]] = {}
    for code in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in Locale(code).months[context][width].items():
                    found.setdefault(plain(name).strip(". "), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and not name[0].isdigit()} | {"sept": 9}
