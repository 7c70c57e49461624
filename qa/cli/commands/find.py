"""The command that finds every mention of something."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from qa.cli.commands.models import fetch_embedding_model
from qa.cli.invocation import ABSTAINED, OK, Invocation, plural, warn
from qa.cli.terminal import on_one_line
from qa.errors import UserError
from qa.export.mentions import MentionsRecord, mentions_csv, mentions_record, mentions_xlsx
from qa.mentions.base import Mentions
from qa.nlp.dates import Period
from qa.schema import Document

_WRITE: Mapping[str, Callable[[Mentions, Mapping[str, Document]], str | bytes]] = {
    ".csv": mentions_csv,
    ".xlsx": mentions_xlsx,
    ".json": lambda found, documents: json.dumps(mentions_record(found, documents), ensure_ascii=False),
}


def find(invocation: Invocation) -> int:
    """Find every sentence that mentions something; with ``--output``, write all of them to a file."""
    from qa import assemble
    from qa.query.validation import validate_query

    args = invocation.args
    query, output = validate_query(args.query), args.output
    if output and output.suffix.lower() not in _WRITE:
        raise UserError(f"{output.name} does not end in one of {', '.join(_WRITE)}, which say what to write")
    fetch_embedding_model(invocation.config)
    pipeline = assemble.open_pipeline(invocation.config.model_copy(update={"model": "none"}))
    document_filter = pipeline.document_filter(args.documents, Period.of(args.since, args.until))
    found = pipeline.find(query, document_filter, by_meaning=not args.words)
    record = mentions_record(found, pipeline.documents, (args.page - 1) * args.per_page, args.per_page)
    if args.json:
        print(json.dumps(record, ensure_ascii=False))
    else:
        print(_text(record, args.page, args.per_page, below=args.below))
    for failure in record["left_out"] if not args.json else []:
        warn(f"not read: {failure['path']}: {failure['reason']}")
    if output:
        _write(output, _WRITE[output.suffix.lower()](found, pipeline.documents))
    return OK if found.mentions else ABSTAINED


def _write(output: Path, content: str | bytes) -> None:
    output.write_bytes(content if isinstance(content, bytes) else content.encode())


def _text(record: MentionsRecord, page: int, per_page: int, *, below: bool) -> str:
    lines = [f"{record['counted']}."]
    for each in record["results"]:
        date = f", {each['date']}" if each["date"] else ""
        head = (
            f"{on_one_line(each['title'])}{date} ({each['document']}): {plural(each['mentions'], 'mention')}"
        )
        copy = f", the same text as {each['copy_of']}" if each["copy_of"] else ""
        lines += ["", f"{head}{copy}"]
        for m in each["sentences"]:
            place = f", {on_one_line(m['place'])}" if m["place"] else ""
            how = "" if m["found"] == "words" else f"  ({m['found']})"
            lines.append(f"  {m['number']}. {m['start']}-{m['end']}{place}{how}")
            lines.append(f"     {on_one_line(m['text'])}")
    pages = -(-record["mentions"] // per_page)
    if page > pages > 0:
        there = "is only 1 page" if pages == 1 else f"are only {pages:,} pages"
        lines += ["", f"There {there}; --page {pages} shows the last mentions"]
    elif pages > 1:
        lines += [
            "",
            f"Page {page:,} of {pages:,}" + (f"; --page {page + 1} has more" if page < pages else ""),
        ]
    if below and record["below"]:
        lines += ["", "Just below the cut-off, and not counted:"]
        lines += [
            f"  {m['document']}:{m['start']}-{m['end']}  {on_one_line(m['text'])}" for m in record["below"]
        ]
    return "\n".join([*lines, "", *(f"{each}." for each in record["limits"])])
