"""``attest track``: questions whose answers are kept true, and what changed."""

import json
from pathlib import Path

from qa.cli.commands.models import fetch_models
from qa.cli.invocation import OK, Invocation, plural, warn
from qa.cli.terminal import answer_text
from qa.errors import UserError
from qa.schema import Answer
from qa.tracking.compare import main_quote
from qa.tracking.records import change_record, history_record, list_record, tracked_record
from qa.tracking.sheet import history_sheet
from qa.tracking.store import TrackingStore
from qa.tracking.tracker import Tracker
from qa.tracking.values import EVERYTHING, Change, Scope
from qa.tracking.wording import change_text

ACTIONS = ("new", "add", "list", "history", "export", "remove")


def track(invocation: Invocation) -> int:
    """Track a question, show what is new, or show, export or remove the history of a question."""
    args = invocation.args
    if args.action in {"new", "list"} and args.what:
        raise UserError(
            f"attest track {args.action} takes nothing more; to track it: attest track add QUESTION"
        )
    if args.action not in {"new", "list"} and not args.what:
        what = "QUESTION" if args.action == "add" else "ID"
        raise UserError(f"attest track {args.action} needs more: attest track {args.action} {what}")
    if args.action != "add" and (args.documents or args.since or args.until):
        raise UserError("--in, --since and --until say what a new question searches: attest track add")
    actions = {
        "new": _new,
        "add": _add,
        "list": _list,
        "history": _history,
        "export": _export,
        "remove": _remove,
    }
    return actions[args.action](invocation)


def _open_tracker(invocation: Invocation) -> Tracker:
    from qa import assemble

    fetch_models(invocation.config)
    return assemble.open_tracker(invocation.config, assemble.open_runtime(invocation.config))


def _update(invocation: Invocation, tracker: Tracker) -> TrackingStore:
    """Ask all that is due, and return the store."""
    from qa import assemble

    if not tracker.update():
        warn("some questions have not been asked yet: a running server is asking them, or the model failed")
    if webhook := assemble.open_webhook(invocation.config, tracker.store):
        webhook.deliver()
    return tracker.store


def _new(invocation: Invocation) -> int:
    """Ask again what may have changed, and show what is new since the last time."""
    store = _update(invocation, _open_tracker(invocation))
    seen = store.seen()
    changes = [each for each in store.changes() if each.number > seen]
    if invocation.args.json:
        print(json.dumps([change_record(each) for each in changes], ensure_ascii=False))
    else:
        for change in reversed(changes):
            print(_change_text(change))
        if not changes:
            print(f"Nothing new in {plural(len(store.questions()), 'tracked question')}")
    if changes:
        store.put_seen(changes[0].number)
    return OK


def _add(invocation: Invocation) -> int:
    args = invocation.args
    tracker = _open_tracker(invocation)
    scope = Scope(tuple(args.documents), args.since or "", args.until or "")
    question = tracker.add(args.what, scope=scope)
    store = _update(invocation, tracker)
    kept = store.latest(question)
    if invocation.args.json:
        print(json.dumps(tracked_record(question, kept), ensure_ascii=False))
    else:
        print(f"Tracked as {question.id}\n")
        print(answer_text(kept.answer) if kept else "It has not been asked yet")
    return OK


def _list(invocation: Invocation) -> int:
    store = _store(invocation)
    if invocation.args.json:
        print(json.dumps(list_record(store), ensure_ascii=False))
        return OK
    for question in store.questions():
        kept = store.latest(question)
        since = f"asked {kept.asked[:10]}" if kept else "not asked yet"
        within = f", in {question.scope}" if question.scope != EVERYTHING else ""
        print(f"{question.id}  {question.text}  ({since}{within})")
    return OK


def _history(invocation: Invocation) -> int:
    store = _store(invocation)
    question = store.find(invocation.args.what)
    history = store.history(question)
    if invocation.args.json:
        print(json.dumps(history_record(question, history), ensure_ascii=False))
        return OK
    print(question.text)
    for kept in history:
        print(f"\n{kept.asked}\n{answer_text(kept.answer)}")
    return OK


def _export(invocation: Invocation) -> int:
    store = _store(invocation)
    question = store.find(invocation.args.what)
    output: Path = invocation.args.output or Path(f"tracked-{question.id}.html")
    output.write_text(history_sheet(question.text, store.history(question), store), encoding="utf-8")
    print(f"Written to {output}; attest verify {output} checks it against the index")
    return OK


def _remove(invocation: Invocation) -> int:
    store = _store(invocation)
    store.remove(invocation.args.what)
    print(f"{invocation.args.what} is no longer tracked, and its history is removed")
    return OK


def _store(invocation: Invocation) -> TrackingStore:
    from qa import assemble

    return assemble.open_tracking(invocation.config)


def _change_text(change: Change) -> str:
    lines = [
        f"{change.question.text}  ({change.question.id}, {change.found[:10]})",
        f"  {change_text(change)}",
    ]
    for when, kept in (("before", change.before), ("now", change.after)):
        lines += _quote_lines(when, kept.answer)
    return "\n".join([*lines, ""])


def _quote_lines(when: str, answer: Answer) -> list[str]:
    quote = main_quote(answer)
    if not answer.answered or quote is None:
        return []
    span = quote.span
    return [f"  {when}: “{' '.join(quote.text.split())}” {span.doc_id}:{span.start}-{span.end}"]
