"""A question with its answer as HTML, and what can be done with it. Pure; everything that
documents and models say is escaped.
"""

from collections.abc import Iterable
from html import escape

from qa.export.markdown import answer_markdown
from qa.export.text import state_text
from qa.schema import Answer
from qa.web.ui.answer_html import answer_html, note_html

_ACTIONS = (("copy", "Copy"), ("copy-markdown", "Copy as Markdown"), ("edit", "Edit"), ("retry", "Ask again"))
_SAVE = (("track", "Track"), ("save_test", "Save as a test"))
_VERDICTS = (("up", "Good answer"), ("down", "Bad answer"))


def exchange_html(number: int, question: str, html: str, *, state: str = "", actions: str = "") -> str:
    """Return the ``number``-th question of a conversation (from 1) with its reply, ``html``.

    ``state`` is a sentence for screen readers; empty while the question is being answered.
    """
    return (
        f'<section class="exchange" aria-busy="{str(not state).lower()}" data-number="{number}"'
        f' data-state="{escape(state)}"><h2 class="question" dir="auto">{escape(question)}</h2>'
        f'<div class="reply">{html}</div>{actions}</section>'
    )


def finished_html(number: int, answer: Answer, plain: str, *, verdicts: bool = False) -> str:
    """Return an answer under its question, with buttons. ``plain`` is the text to copy.

    With ``verdicts``, visitors can rate it.
    """
    buttons = (*_ACTIONS, *(_VERDICTS if verdicts else ()), *_SAVE)
    actions = _actions_html(buttons, plain, answer_markdown(answer))
    state = state_text(answer)
    return exchange_html(number, answer.question, answer_html(answer), state=state, actions=actions)


def unanswered_html(number: int, question: str, reason: str) -> str:
    """Return a question that has neither an answer nor an abstention, with the reason."""
    actions = _actions_html(_ACTIONS, reason, reason)
    return exchange_html(number, question, note_html(reason), state=reason, actions=actions)


def _actions_html(acts: Iterable[tuple[str, str]], plain: str, markdown: str) -> str:
    """Return the buttons of an exchange, and the two forms in which it can be copied."""
    buttons = "".join(
        f'<button type="button" class="act" data-act="{act}">{label}</button>' for act, label in acts
    )
    return (
        f'<div class="actions">{buttons}<pre hidden data-form="copy">{escape(plain)}</pre>'
        f'<pre hidden data-form="copy-markdown">{escape(markdown)}</pre></div>'
    )
