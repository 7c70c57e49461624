"""Say how mentions were counted and what may be missing, in sentences for a person. Pure."""

from qa.mentions.base import Found, Mentions


def count_text(mentions: Mentions) -> str:
    """Return how many sentences mention it, in how many documents, and how they were found. Those found by
    meaning alone are counted apart: not all of them mention it. Copies of a document count, and are told.
    """
    if not mentions.copies:
        return _count_text(mentions)
    copies = len(mentions.copies)
    are = "document is a copy" if copies == 1 else "documents are copies"
    return f"{_count_text(mentions)}. {copies:,} of these {are}, with the same text as another"


def _count_text(mentions: Mentions) -> str:
    within = _plural(mentions.searched.of, "document")
    if mentions.searched.documents != mentions.searched.of:
        within = f"{mentions.searched.documents:,} documents that were searched, of {mentions.searched.of:,},"
    counts = mentions.counts
    near = counts[Found.MEANING]
    named = len(mentions.mentions) - near
    if not named:
        said = f"No sentence of the {within} mentions it by its words"
        return f"{said}; {_plural(near, 'sentence')} may, by meaning" if near else said
    verb = "mentions" if named == 1 else "mention"
    said = f"{_plural(named, 'sentence')} {verb} it, in {mentions.documents_naming:,} of {within}"
    said = said.rstrip(",")
    if counts[Found.NAME]:
        said += f"; {counts[Found.NAME]:,} of them by another form of the name"
    if counts[Found.NUMBER]:
        said += f"; {counts[Found.NUMBER]:,} of them by the number in another notation"
    return f"{said}; {near:,} more may, by meaning" if near else said


def limit_texts(mentions: Mentions) -> list[str]:
    """Return what was looked for and what may be missing, each as a sentence without its full stop."""
    said = [f"Looked for by words, in any inflection: {forms_text(mentions)}"]
    if cut_off := mentions.cut_off:
        said.append(
            f"Of the sentences that say it in other words, at least {cut_off.missed:.0%} are expected to be "
            "missing; not all of those found by meaning mention it"
        )
    else:
        said.append("Sentences that say it in other words were not looked for")
    if mentions.left_out:
        said.append(f"Not read, wholly or in part: {_plural(len(mentions.left_out), 'file')}")
    if mentions.coverage:
        said.append(f"The documents are still being indexed: searched {mentions.coverage}")
    return said


def forms_text(mentions: Mentions) -> str:
    """Return the forms that were looked for, each with its inflections that were found."""
    return "; ".join(
        f"{form.text} ({', '.join(form.spellings)})" if form.spellings else form.text
        for form in mentions.forms
    )


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
