"""Three mails: a plain one, a thread with its quoted replies, and one with a document attached."""

from email.message import EmailMessage

from eval.office.word import word_document

_DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")

_DELAY = """\
Dear Ms Hovden,

I am sorry to tell you that the reeling cable of your call-off 4471 will not leave our works on 3
October as confirmed. The extruder of line 2 has to be rebuilt after a fire on Sunday night. Nobody
was hurt.

We expect to ship 6,400 metres on 24 October, and the remaining 1,600 metres in the second week of
November. We will pay the liquidated damages under our agreement without a further reminder. If you
prefer, we can send 2,000 metres by road next week from our stock in Trieste, at our cost; please
let me know by Thursday.

Kind regards,
Ettore Bassan
Head of Logistics
Castellane Cavi S.r.l., Porto Livenza
"""

_VENUE = """\
Hi both,

settled: I have signed with the Old Customs Hall for 14 and 15 September. They came down to 3,900
for both days, chairs and cleaning included, because we do without their catering. The hall takes
220 people seated.

Still open: who looks after the projector? Theirs is from the last century.

Best, Maud

On Tue, 6 Feb 2024 at 18:12, Piet Romeijn <piet@estuary-days.example> wrote:
> The Customs Hall wants 4,600 for the two days, the Seamen's Home 3,200. I like the Home, but it
> holds only 140, and last year we had 187. Also the trams don't go there on Sundays.
>
> On Mon, 5 Feb 2024 at 09:40, Maud Ellery <maud@estuary-days.example> wrote:
>> Where shall we hold the Estuary Days this year? The university says no, they renovate the aula
>> until November. Could you ask for prices?
"""

_OFFER = """\
Dear Joseph,

thank you for calling. Our offer for the skins is attached; you find the prices in the table. As I
said on the phone, the goat comes from one farm only and I cannot promise the same tone next year.

The exhibition that I mentioned is open until 30 June, at the museum in Sankt Merin.

With best wishes,
Eluned
"""


def delay() -> bytes:
    """Return a mail about a delivery that is late."""
    return _mail(
        _DELAY,
        Subject="Call-off 4471: delay",
        From="Ettore Bassan <e.bassan@castellane.example>",
        To="Sunniva Hovden <s.hovden@brennholm.example>",
        Cc="Beatrice Salvemini <b.salvemini@castellane.example>",
        Date="Tue, 27 Sep 2022 08:54:00 +0200",
    ).as_bytes()


def venue() -> bytes:
    """Return a mail that quotes the two before it."""
    return _mail(
        _VENUE,
        Subject="Re: Re: Where in September?",
        From="Maud Ellery <maud@estuary-days.example>",
        To="Piet Romeijn <piet@estuary-days.example>, Zsofia Adler <zsofia@estuary-days.example>",
        Date="Fri, 9 Feb 2024 11:03:00 +0100",
    ).as_bytes()


def offer() -> bytes:
    """Return a mail with an offer attached, a Word document."""
    mail = _mail(
        _OFFER,
        Subject="Our offer for vellum",
        From="Eluned Prosser <eluned@prosser-parchments.example>",
        To="Joseph Adeyemi <joseph@marigold-bindery.example>",
        Date="Mon, 22 Apr 2024 16:20:00 +0100",
    )
    attached = word_document("offer-vellum", "2024-04-22", "Eluned Prosser")
    mail.add_attachment(attached, *_DOCX, filename="offer-2024-077.docx")
    mail.set_boundary("=-=-offer-=-=")  # a random one otherwise
    return mail.as_bytes()


def _mail(text: str, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    return mail
