"""The manual of a heat pump, as a PDF: steps, warnings that come again and again, a table of faults."""

from collections.abc import Iterator

from reportlab.platypus import Flowable

from eval.office.pages import ONE_COLUMN, Furniture, book, prose, section, table, turn

_WARNING = (
    "WARNING. Work on the refrigerant circuit is reserved for certified technicians. Switch off the mains "
    "and wait five minutes before you open the housing."
)
_MODULES = (
    "Outdoor unit, Indoor unit, Buffer tank, Hot water tank, Control panel, Room sensor, Expansion vessel, "
    "Circulation pump, Safety valve, Drain, Air vent, Mains connection, Earth, Filter, Fan, Cover, Feet, "
    "Brackets, Insulation, Pipes, Cables, Fuses"
).split(", ")
_STEPS = (
    "Check the contents of the package of the {part} against the list and report what is missing within two"
    " days.",
    "Put the {part} down on a level surface and leave it upright for at least an hour.",
    "Remove the transport locks of the {part}; they are red and must not be used again.",
    "Mark the position of the {part}, drill, clean the holes and insert the anchors supplied.",
    "Tighten the screws of the {part} crosswise and by hand first.",
    "Connect the {part} as shown in the drawing. Keep cables for signals away from those for power.",
    "Rinse the lines to the {part} until the water is clear, and close them again.",
    "Write the serial number of the {part} into the record at the end of this manual.",
    "Let the {part} run for a quarter of an hour and look for drops and unusual noise.",
    "Show the owner of the building how the {part} is switched off in an emergency.",
)


def heat_pump_manual() -> bytes:
    """Return the manual, of about 30 pages."""
    return book(
        ("Korvex HX-40", "Air-to-water heat pump", "Installation and service manual, edition 4, May 2021"),
        _chapters(),
        Furniture("Korvex HX-40", "1140-EN-04"),
        title="HX40_manual_EN",
        author="Korvex",
    )


def _chapters() -> Iterator[tuple[str, list[Flowable]]]:
    yield (
        "1 Safety",
        prose(
            _WARNING,
            "The HX-40 contains 1.45 kg of the refrigerant R290, which burns easily. "
            "Keep flames away from it.",
        ),
    )
    yield "2 Technical data", _data()
    yield (
        "3 Choosing the place",
        prose(
            "Keep 60 cm free behind the unit and 150 cm in front of the fan.",
            "The unit must not stand in a hollow, because refrigerant that escapes would gather there.",
            "Windows and cellar shafts must be at least one metre away.",
        ),
    )
    yield "4 Mounting", [each for part in _MODULES for each in _mounting(part)]
    yield "5 Settings", _settings()
    yield "6 Faults", _faults()
    yield (
        "7 Service",
        prose(
            _WARNING,
            "The unit is serviced every twelve months. Clean the fins with a soft brush, never with high "
            "pressure, since bent fins can cost a fifth of the output.",
            "If the unit stands still in winter for more than two days, drain it or fill it with a mixture "
            "of 30 per cent glycol; otherwise the heat exchanger will burst.",
            "Spare parts can be had for 15 years after a model has been taken off the market.",
        ),
    )


def _data() -> list[Flowable]:
    return table(
        "Technical data of the HX series",
        [("", "HX-30", "HX-40", "HX-60"), ("", "single-phase", "three-phase", "three-phase")],
        [
            ("Heat output at A7/W35 (kW)", "7.8", "11.2", "16.5"),
            ("Coefficient of performance at A7/W35", "4.9", "4.7", "4.4"),
            ("Highest flow temperature (°C)", "70", "70", "65"),
            ("Sound power (dB(A))", "51", "54", "–"),
            ("Weight (kg)", "139", "168", "–"),
            ("Fuse (A)", "20", "16", "20"),
        ],
        widths=(200, 80, 80, 80),
    )


def _mounting(part: str) -> list[Flowable]:
    name = part.lower()
    steps = (step.format(part=name) for step in _STEPS)
    return [*turn(ONE_COLUMN), section(part), *prose(_WARNING, *steps)]


def _settings() -> list[Flowable]:
    return [
        *prose(
            "Hold the two outer buttons for four seconds to reach the level for technicians; its code is "
            "2580.",
            "For floor heating choose curve 0.4, for radiators curve 0.8 to begin with.",
            "Once a week the water in the tank is heated to 65 °C against legionella. This can be moved to "
            "another night, but not switched off.",
        ),
    ]


def _faults() -> list[Flowable]:
    return table(
        "Fault codes",
        [("Code", "Meaning", "What to do")],
        [
            ("E02", "Outdoor sensor broken", "Measure it: 10 kOhm at 25 °C"),
            ("E05", "Mains phase missing", "Check the fuses"),
            ("E11", "Flow sensor gives no signal", "Rinse the filter, replace KX-1017"),
            ("E14", "Fan blocked", "Remove leaves or ice"),
            ("E27", "Low-pressure switch has opened", "Look for a leak, call service"),
            ("E31", "Defrosting took too long", "Clean the fins"),
        ],
        widths=(50, 190, 190),
    )
