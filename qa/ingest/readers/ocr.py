"""Recognise the text of pictures with Tesseract, in languages that the owner names or that are found out."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import chain

from PIL import Image

from qa.errors import UserError
from qa.ingest.readers.base import NEEDS_TESSERACT
from qa.nlp.language import detect_language

AUTO = "auto"
"""In place of languages: those of each document are found out."""

MAX_PAGES = 500
"""The page limit of one document: each page takes seconds."""

MAX_PIXELS = 40_000_000
"""The size limit of a page: one larger than A3 at 300 dots an inch has fewer."""

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


def recognise(pages: Iterable[Image.Image], languages: str) -> Iterator[str]:
    """Yield the text of each page of a document. Wrapped lines and hyphenated words are joined.

    ``languages`` are in Tesseract's names, such as ``eng+deu``; ``AUTO`` finds out the language of the
    document from its first page with text.

    Raises:
        UserError: Tesseract is not installed, lacks a language or fails.
    """
    pictures: Iterator[bytes] = map(_png, pages)
    if languages == AUTO:
        for picture in pictures:
            languages, found = _languages_of(picture)
            if found:
                pictures = chain([picture], pictures)
                break
            yield ""
    for picture in pictures:
        yield _WRAPPED.sub(" ", _PARTED.sub("", _text(picture, languages)))


def _png(page: Image.Image) -> bytes:
    file = BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def _languages_of(picture: bytes) -> tuple[str, bool]:
    """Return the languages that a page is in, in Tesseract's names, and whether it has text.

    Tesseract is not asked for the script: it takes pages of Latin letters for Greek or Cyrillic ones.
    """
    installed = _installed()
    tried = installed[:MAX_TRIED]
    text = _text(picture, "+".join(tried))
    language = detect_language(text)
    matching = [name for name in installed if _NAMES.get(name) == language]
    return "+".join(matching or tried), bool(text.strip())


def _installed() -> list[str]:
    """Return the languages that Tesseract has, the most spoken first."""
    listed = frozenset(_tesseract("--list-langs").splitlines()[1:])
    if not (usable := [name for name in _NAMES if name in listed]):
        raise UserError("Tesseract has no language; install one, such as tesseract-ocr-eng")
    return usable


def _text(picture: bytes, languages: str) -> str:
    hint = f"check that the languages of ATTEST_OCR={languages} are installed"
    return _tesseract("stdin", "stdout", "-l", languages, picture=picture, hint=hint)


def _tesseract(*options: str, picture: bytes = b"", hint: str = "install it again") -> str:
    """Return what Tesseract prints. The ``hint`` says what to do where it fails."""
    try:
        done = subprocess.run(
            ["tesseract", *options],
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
        raise UserError(f"Tesseract failed ({why}); {hint}") from error
    return done.stdout.decode("utf-8", "replace")
