"""The command that shows where documents disagree."""

import json

from qa.cli.commands.models import fetch_embedding_model
from qa.cli.invocation import OK, Invocation, plural
from qa.cli.terminal import on_one_line
from qa.export.json import conflicts_record
from qa.export.text import conflict_text
from qa.nlp.dates import Period


def conflicts(invocation: Invocation) -> int:
    """Show where the documents of an index disagree on a number, a date, a name, or say the opposite."""
    from qa import assemble

    args = invocation.args
    period = Period.of(args.since, args.until)
    fetch_embedding_model(invocation.config)
    pipeline = assemble.open_pipeline(invocation.config.model_copy(update={"model": "none"}))
    found = pipeline.conflicts(pipeline.document_filter(args.documents, period), args.limit, args.seconds)
    if args.json:
        print(json.dumps(conflicts_record(found), ensure_ascii=False))
        return OK
    quotes = {quote.number: quote for quote in found.quotes}
    for conflict in found.conflicts:
        print(conflict_text(conflict, found.quotes))
        for side in conflict.sides:
            quote = quotes[side.quote]
            print(f"[{quote.number}] “{on_one_line(quote.text)}”")
            print(f"    {quote.span.doc_id}:{quote.span.start}-{quote.span.end}")
        print()
    print(f"{plural(found.found, 'conflict')} in {plural(found.documents, 'document')}")
    if not found.complete:
        print(
            "Time ran out before everything was compared; allow more with --seconds, "
            "or name documents with --in"
        )
    return OK
