"""Recognise the text of pictures with Tesseract, in languages that the owner names or that are found out."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from qa.errors import UserError
from qa.ingest.readers.base import NEEDS_TESSERACT
from qa.nlp.language import detect_language

AUTO = "auto"
"""In place of languages: those of each document are found out."""

MAX_TRIED = 6
"""The most languages in which a page is read to find out which one it is in: each makes it slower."""

_LANGUAGES = """en eng|zh chi_sim|hi hin|es spa|fr fra|ar ara|bn ben|pt por|ru rus|ur urd|id ind|de deu
    |ja jpn|mr mar|te tel|tr tur|ta tam|vi vie|ko kor|it ita|th tha|pl pol|uk ukr|fa fas|zh chi_tra|nl nld
    |ro ron|el ell|cs ces|sv swe|hu hun|he heb|da dan|fi fin|no nor|sk slk|bg bul|sr srp|hr hrv|lt lit|sl slv
    |lv lav|et est|sq sqi|ca cat|gl glg|eu eus|mk mkd|be bel|ka kat|hy hye|az aze|kk kaz|uz uzb|ky kir|mn mon
    |af afr|sw swa|ms msa|tl fil|is isl|ga gle|cy cym|mt mlt|bs bos|la lat|eo epo|ne nep|gu guj|pa pan|kn kan
    |ml mal|si sin|km khm|lo lao|my mya|am amh|ps pus|ug uig"""
"""The languages that Tesseract's authors offer, roughly the most spoken first: the code of ISO 639-1, and
their name."""

_NAMES: Mapping[str, str] = {name: code for code, name in map(str.split, _LANGUAGES.split("|"))}

_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}
"""Tesseract's four threads wait for one another: on cores that have other work, a page takes minutes with
them and seconds without."""

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
    """Return the languages that a page is in, in Tesseract's names, and whether it has text.

    Tesseract is not asked for the script: it takes pages of Latin letters for Greek or Cyrillic ones.
    """
    installed = _installed()
    tried = installed[:MAX_TRIED]
    text = _tesseract(picture, "-l", "+".join(tried))
    language = detect_language(text)
    matching = [name for name in installed if _NAMES.get(name) == language]
    return "+".join(matching or tried), bool(text.strip())


def _installed() -> list[str]:
    """Return the languages that Tesseract has, the most spoken first."""
    listed = frozenset(_tesseract(b"", "--list-langs", to="").splitlines()[1:])
    if not (usable := [name for name in _NAMES if name in listed]):
        raise UserError("Tesseract has no language; install one, such as tesseract-ocr-eng")
    return usable


def _tesseract(picture: bytes, *options: str, to: str = "stdin stdout") -> str:
    try:
        done = subprocess.run(
            ["tesseract", *to.split(), *options],
            input=picture,
            capture_output=True,
            check=True,
            env=os.environ | _ONE_THREAD,
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
