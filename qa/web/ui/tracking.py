"""The button Track beside an answer: its question is kept with the answer that is shown."""

import gradio as gr

from qa.errors import UserError
from qa.tracking.tracker import Tracker
from qa.tracking.values import FirstAnswer
from qa.web.ui import panels
from qa.web.ui.conversations import parse
from qa.web.ui.layout import Layout, Update
from qa.web.ui.session import Session

TOO_MANY = (
    "Too many documents are selected one by one for the selection to be stored; choose a folder "
    "or a collection, ask again, and track that"
)


class TrackButton:
    """The handler of the button. The browser sends the conversation each time."""

    def __init__(self, layout: Layout, tracker: Tracker) -> None:
        """Use the components of ``layout``, and keep questions with ``tracker``."""
        self._ui = layout
        self._tracker = tracker

    def track(self, record: object, session: Session, request: gr.Request, event: gr.EventData) -> Update:
        """Track the question of an exchange about the documents that it searched."""
        conversation = parse(record)
        exchange = conversation and conversation.exchange(event.number, session.documents)
        if not exchange:
            return {self._ui.test_form: ""}
        answer = exchange.answer
        try:
            if answer is None:
                raise UserError(exchange.note)
            if exchange.scope is None:
                raise UserError(TOO_MANY)
            first = FirstAnswer(answer, exchange.state)
            self._tracker.add(answer.resolved, request.username or "", exchange.scope, first)
        except UserError as error:
            return {self._ui.test_form: panels.form_message_html(f"{error}.")}
        return {self._ui.test_form: panels.tracked_html()}
