"""Recognise the text of pictures with Tesseract, in languages that the owner names or that are found out."""

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain

from qa.errors import UserError
from qa.ingest.readers.base import NEEDS_TESSERACT
from qa.nlp.language import detect_language

AUTO = "auto"
"""In place of languages: those of each document are found out."""

MAX_TRIED = 6
"""The most languages in which a page is read to find out which one it is in: each makes it slower."""

_BY_SCRIPT: Mapping[str, str] = {
    "Latin": """en eng|es spa|fr fra|de deu|pt por|it ita|nl nld|pl pol|tr tur|id ind|vi vie|ro ron|cs ces|
        hu hun|sv swe|da dan|no nor|fi fin|sk slk|hr hrv|sl slv|lt lit|lv lav|et est|sq sqi|ca cat|gl glg|
        eu eus|af afr|sw swa|ms msa|tl fil|is isl|ga gle|cy cym|mt mlt|bs bos|az aze|uz uzb|la lat|eo epo""",
    "Cyrillic": "ru rus|uk ukr|be bel|bg bul|sr srp|mk mkd|kk kaz|ky kir|mn mon|tg tgk",
    "Arabic": "ar ara|fa fas|ur urd|ps pus|ug uig",
    "Devanagari": "hi hin|mr mar|ne nep",
    "Greek": "el ell",
    "Hebrew": "he heb",
    "Han": "zh chi_sim|zh chi_tra",
    "HanS": "zh chi_sim",
    "HanT": "zh chi_tra",
    "Japanese": "ja jpn",
    "Korean": "ko kor",
    "Thai": "th tha",
    "Bengali": "bn ben",
    "Tamil": "ta tam",
    "Telugu": "te tel",
    "Georgian": "ka kat",
    "Armenian": "hy hye",
}
"""Languages by Tesseract's names of their scripts: the code of ISO 639-1 and Tesseract's name, most spoken
first."""

_SCRIPT = re.compile(r"^Script: (\w+)$", re.MULTILINE)
_PARTED = re.compile(r"(?<=\w)-\n(?=[a-zà-ÿ])")
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")


def recognise(pictures: Iterable[bytes], languages: str) -> Iterator[str]:
    """Yield the text of each picture of a document. Wrapped lines and hyphenated words are joined.

    ``languages`` are in Tesseract's names, such as ``eng+deu``; ``AUTO`` finds out the language of the
    document from its first picture with text.

    Raises:
        UserError: Tesseract is not installed, lacks a language or fails.
    """
    pages = iter(pictures)
    if languages == AUTO:
        for picture in pages:
            languages, found = _languages_of(picture)
            if found:
                pages = chain([picture], pages)
                break
            yield ""
    for picture in pages:
        yield _WRAPPED.sub(" ", _PARTED.sub("", _tesseract(picture, "-l", languages)))


def _languages_of(picture: bytes) -> tuple[str, bool]:
    """Return the languages that a page is in, in Tesseract's names, and whether it has text."""
    installed = _installed()
    script = ""
    with suppress(UserError):  # it says so where there are too few letters, or where osd is not installed
        script = next(iter(_SCRIPT.findall(_tesseract(picture, "--psm", "0", "-l", "osd"))), "")
    written = _BY_SCRIPT.get(script) or "|".join(_BY_SCRIPT.values())
    names = {name: code for code, name in (entry.split() for entry in written.split("|"))}
    tried = [name for name in names if name in installed][:MAX_TRIED] or installed[:MAX_TRIED]
    text = _tesseract(picture, "-l", "+".join(tried))
    language = detect_language(text)
    matching = [name for name in tried if names.get(name) == language]
    return "+".join(matching or tried), bool(text.strip())


def _installed() -> list[str]:
    """Return the languages that Tesseract has, English first."""
    listed = _tesseract(b"", "--list-langs", to="").splitlines()[1:]
    languages = sorted((name for name in listed if "/" not in name), key=lambda name: (name != "eng", name))
    if not (usable := [name for name in languages if name not in {"osd", "equ"}]):
        raise UserError("Tesseract has no language; install one, such as tesseract-ocr-eng")
    return usable


def _tesseract(picture: bytes, *options: str, to: str = "stdin stdout") -> str:
    try:
        done = subprocess.run(
            ["tesseract", *to.split(), *options], input=picture, capture_output=True, check=True
        )
    except FileNotFoundError as error:
        raise UserError(NEEDS_TESSERACT) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[0] if said else f"exit status {error.returncode}"
        languages = options[-1]
        raise UserError(
            f"Tesseract failed ({why}); check that the languages of ATTEST_OCR={languages} are installed"
        ) from error
    return done.stdout.decode("utf-8", "replace")
