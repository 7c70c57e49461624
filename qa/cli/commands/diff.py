"""The command that shows what changed in the documents."""

import json

from qa.cli.invocation import OK, Invocation


def diff(invocation: Invocation) -> int:
    """Show what changed between two states of the index, or list the states."""
    from qa import assemble
    from qa.changes.folder import NO_HISTORY, compare_states
    from qa.changes.record import changes_markdown, changes_record, local_time, states_record

    args = invocation.args
    index = assemble.open_index(invocation.config)
    if args.list:
        record = states_record(index.snapshot.changes)
        lines = [f"{each['state']}  {local_time(each['written'])}" for each in record["states"]]
        print(json.dumps(record) if args.json else "\n".join(lines) or NO_HISTORY)
        return OK
    change = compare_states(index, args.since, args.until)
    if args.json:
        print(json.dumps(changes_record(change), ensure_ascii=False))
    else:
        print(changes_markdown(change), end="")
    return OK
