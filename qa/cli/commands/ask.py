"""The commands that read an index: ask, search, and show a document."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

from qa.cli.commands.models import fetch_embedding_model, fetch_models
from qa.cli.invocation import ABSTAINED, OK, Invocation, warn
from qa.cli.terminal import answer_text, on_one_line
from qa.errors import UserError
from qa.export.absence_sheet import absence_sheet
from qa.export.files import export, form_of
from qa.export.json import answer_record, search_record
from qa.export.text import is_refusal
from qa.nlp.dates import Period
from qa.query.document_filter import DocumentFilter, find_documents
from qa.schema import GROWING, Document

_NAMED = 20
"""Documents that are named where one is not found."""


def ask(invocation: Invocation) -> int:
    """Answer one question; with ``--output``, also into a file."""
    from qa import assemble
    from qa.pipeline import Ask
    from qa.query.validation import validate_question

    question, period = validate_question(invocation.args.question), _period(invocation)
    output: Path | None = invocation.args.output
    form = form_of(output.name) if output else ""
    fetch_models(invocation.config)
    pipeline = assemble.open_pipeline(invocation.config)
    document_filter = pipeline.document_filter(invocation.args.documents, period)
    answer = pipeline.invoke(Ask(question, document_filter=document_filter))
    if invocation.args.json:
        print(json.dumps(answer_record(answer), ensure_ascii=False))
    else:
        print(answer_text(answer))
    if output:
        today = datetime.datetime.now(datetime.UTC).date()
        output.write_bytes(export(form, question, [answer], pipeline.documents, today).content)
    if invocation.args.absence and is_refusal(answer):
        absence = pipeline.absence(answer, document_filter)
        sheet = absence_sheet(absence, pipeline.documents, datetime.datetime.now(datetime.UTC).date())
        invocation.args.absence.write_text(sheet, encoding="utf-8", newline="\n")
    return OK if answer.answered else ABSTAINED


def search(invocation: Invocation) -> int:
    """Show the best passages for a query."""
    from qa import assemble
    from qa.query.validation import validate_query

    query, period = validate_query(invocation.args.query), _period(invocation)
    fetch_embedding_model(invocation.config)
    retriever = assemble.open_retriever(invocation.config, invocation.args.k)
    only = find_documents(
        invocation.args.documents, retriever.source.dates(), assemble.load_collections(invocation.config)
    )
    result = retriever.search(query, DocumentFilter(only, period=period))
    if result.coverage:
        warn(f"{GROWING}: searched {result.coverage}")
    if result.reason:
        warn(result.reason)
    found = search_record(result, retriever.source.documents)
    if invocation.args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for r in found["results"]:
            place = f", {on_one_line(r['place'])}" if r["place"] else ""
            print(f"{r['rank']}. {r['document']}:{r['start']}-{r['end']}{place}  (score {r['score']})")
            print(f"   {on_one_line(r['text'])}\n")
    return OK


def _period(invocation: Invocation) -> Period | None:
    return Period.of(invocation.args.since, invocation.args.until)


def show(invocation: Invocation) -> int:
    """Print the text of a document, exactly as offsets count it."""
    from qa import storage

    documents = storage.open_store(invocation.config).documents()
    print(_document(documents, invocation.args.document).text)
    return OK


def _document(documents: Mapping[str, Document], doc_id: str) -> Document:
    if doc_id in documents:
        return documents[doc_id]
    more = f" and {len(documents) - _NAMED:,} more" if len(documents) > _NAMED else ""
    raise UserError(
        f"The index has no document called {doc_id}; it has {', '.join(sorted(documents)[:_NAMED])}{more}"
    )
