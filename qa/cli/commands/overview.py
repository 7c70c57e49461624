"""The command that shows what is in documents."""

import json

from qa.cli.commands.models import fetch_embedding_model
from qa.cli.invocation import OK, Invocation
from qa.export.json import overview_record
from qa.export.text import overview_text
from qa.nlp.dates import Period


def overview(invocation: Invocation) -> int:
    """Show the main sentences of documents, and what they name and state."""
    from qa import assemble

    period = Period.of(invocation.args.since, invocation.args.until)
    fetch_embedding_model(invocation.config)
    pipeline = assemble.open_pipeline(invocation.config.model_copy(update={"model": "none"}))
    found = pipeline.overview(pipeline.document_filter(invocation.args.documents, period))
    if invocation.args.json:
        print(json.dumps(overview_record(found), ensure_ascii=False))
    else:
        print(overview_text(found), end="")
    return OK
