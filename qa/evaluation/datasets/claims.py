"""Claims that people wrote and judged against evidence, as cases.

Three published formats are read, told apart by the fields of each line: FeverSymmetric (Schuster et al.
2019, "Towards Debiasing Fact Verification Models"), WiCE (Kamoi et al. 2023, "WiCE: Real-World Entailment for
Claims in Wikipedia") and FactCG (Lei et al. 2025, "FactCG: Enhancing Fact Checkers with Graph-Based Multi-Hop
Data").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from qa.errors import UserError
from qa.evaluation.datasets.base import sample_halves
from qa.evaluation.datasets.json_lines import read_records
from qa.ingest.document_dates import stated_date
from qa.ingest.documents import normalise
from qa.nlp.language import detect_language
from qa.schema import Document

CLAIMS = "claims"
"""The name on the command line of all three formats."""

SUPPORTED = ("SUPPORTS", "supported")
"""The labels of a claim that the evidence states in full."""

_BETWEEN = "\n\n"
"""The separator of two sentences of evidence: a blank line, because they need not be neighbours."""

_TREEBANK = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"'}
"""The signs that FeverSymmetric writes as the Penn Treebank does."""

_KNOWN = re.compile(r"\(meta data\) ([A-Z]+)[A-Z ]*:\s*")
"""The beginning of a line in which WiCE tells something of the page that the evidence is from."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """A claim, the document it was judged against, and the judgement."""

    id: str
    """The name of its file and its line there: ``dev:12``."""
    claim: str
    supported: bool
    """True if the document states all of it."""
    label: str
    """The judgement in the words of its file."""
    document: Document
    """Its text is the evidence."""

    @property
    def file(self) -> str:
        """The name of its file, without folder and ending."""
        return self.id.rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """Claims of one or more files."""

    name: str
    claims: tuple[ClaimCase, ...]
    notes: tuple[str, ...] = ()
    """Remarks on what was left out when they were read, as sentences for a person."""


class _LabelledClaim(BaseModel):
    """A line of FeverSymmetric, whose evidence is a sentence, or of WiCE, whose evidence is several."""

    claim: str = Field(min_length=1)
    evidence: str | list[str]
    label: Literal[
        "SUPPORTS", "REFUTES", "NOT ENOUGH INFO", "supported", "partially_supported", "not_supported"
    ]

    def judgement(self) -> tuple[str, list[str], bool, str]:
        """Return the claim, the evidence, whether that supports it, and the label."""
        evidence = [self.evidence] if isinstance(self.evidence, str) else self.evidence
        return self.claim, evidence, self.label in SUPPORTED, self.label


class _FactCG(BaseModel):
    """A line of FactCG: the evidence, the claim, and 1 if the one supports the other."""

    text_a: str
    text_b: list[str] = Field(min_length=1)
    orig_label: Literal[0, 1]

    def judgement(self) -> tuple[str, list[str], bool, str]:
        """Return the claim, the evidence, whether that supports it, and the label."""
        return self.text_b[0], [self.text_a], bool(self.orig_label), f"orig_label {self.orig_label}"


def is_claims(content: object) -> bool:
    """Return whether ``content``, the JSON value of a line, has what a line of one of the formats has."""
    return isinstance(content, dict) and any(
        fields <= content.keys() for fields in ({"claim", "evidence", "label"}, _FactCG.model_fields.keys())
    )


def read_claims(paths: Iterable[Path]) -> ClaimSet:
    """Read files of claims, each in any of the formats: the evidence of every claim is a document.

    Raises:
        UserError: a file cannot be read or is in none of the formats, or no claim has evidence.
    """
    claims: list[ClaimCase] = []
    notes: list[str] = []
    names: list[str] = []
    for path in paths:
        name = path.stem if path.stem not in names else f"{path.stem}-{len(names)}"
        names.append(name)
        records = read_records(path, "claims with their evidence", _parse)
        read = [
            case
            for number, record in records
            if (case := _case(f"{name}:{number}", *record.judgement())).document.text
        ]
        # One sentence is often too short to tell its language; the file is not.
        language = detect_language(" ".join(case.document.text for case in read))
        claims += (replace(case, document=replace(case.document, language=language)) for case in read)
        if skipped := len(records) - len(read):
            notes.append(f"{path.name}: {skipped} of {len(records)} rows have no evidence and were skipped")
    if not claims:
        raise UserError(
            "No claim of these files has evidence, so there is nothing to check; name other files"
        )
    return ClaimSet("+".join([CLAIMS, *names]), tuple(claims), tuple(notes))


def sample_claims(claims: ClaimSet, limit: int | None, seed: int) -> ClaimSet:
    """Return ``limit`` claims, half of them unsupported if there are enough of both; all for None.
    They keep their order.
    """
    if limit is None or limit >= len(claims.claims):
        return claims
    chosen = {claim.id for claim in sample_halves(claims.claims, lambda claim: claim.supported, limit, seed)}
    return replace(claims, claims=tuple(claim for claim in claims.claims if claim.id in chosen))


def _parse(content: object) -> _LabelledClaim | _FactCG:
    is_factcg = isinstance(content, dict) and "text_a" in content
    return (_FactCG if is_factcg else _LabelledClaim).model_validate(content)


def _case(case_id: str, claim: str, evidence: list[str], supported: bool, label: str) -> ClaimCase:
    known = {match[1]: line[match.end() :] for line in evidence if (match := _KNOWN.match(line))}
    sentences = [_plain(line) for line in evidence if not _KNOWN.match(line)]
    text = normalise(_BETWEEN.join(sentences))
    told, stated = _DATE.match(known.get("PUBLISHED", "")), stated_date(text)
    document = Document(
        case_id,
        text,
        title=normalise(known.get("TITLE", "")),
        date=told[0] if told else stated.iso if stated else None,
        publisher=known.get("PUBLISHER"),
        author=known.get("AUTHOR"),
    )
    return ClaimCase(case_id, _plain(claim), supported, label, document)


def _plain(text: str) -> str:
    """Return ``text`` with the signs that it has other names for."""
    for name, sign in _TREEBANK.items():
        text = text.replace(name, sign)
    return normalise(text)
