"""A scientific paper in two columns, with a table and references, as a PDF."""

from reportlab.platypus import Flowable, FrameBreak

from eval.office.pages import ONE_COLUMN, TWO_COLUMNS, Furniture, chapter, pdf, prose, section, table, turn

_ABSTRACT = (
    "Abstract. Synthetic fibres from laundry reach estuaries with treated waste water. We took 48 cores of "
    "sediment at twelve stations of the lower Oresk between May and August 2021 and counted fibres under "
    "the microscope. On average there were 318 fibres in a kilogram of dry sediment. Their number fell with"
    " the distance from the outfalls of two hospital laundries, and did not depend on the grain of the "
    "sediment."
)
_INTRODUCTION = (
    "Fibres shorter than five millimetres make up most of the plastic particles that are found in fine "
    "sediment. They come from clothes, ropes and carpets; which of these matters most differs from river to"
    " river.",
    "For rivers with tides little is known. The tide carries water upstream, so that a station above an "
    "outfall may receive what was let in below it.",
    "We asked three questions. How many fibres are there in the bed of the lower Oresk? Where do they come "
    "from? Does a flood remove them?",
)
_METHODS = (
    "Cores of 30 centimetres were taken at low water with a hand corer of steel. The upper two centimetres "
    "were freeze-dried, and fibres were floated in a solution of zinc chloride with a density of 1.6 grams "
    "per cubic centimetre.",
    "Fibres shorter than 50 micrometres were not counted, because they cannot be told from fragments of "
    "plants at the magnification that we used.",
    "As a blank, an open dish stood beside the microscope; it gathered four fibres a day, which were "
    "subtracted.",
    "Every tenth fibre was examined by infrared spectroscopy to find its material.",
)
_RESULTS = (
    "Station S7, 300 metres below the laundry of the Merin district hospital, had the most fibres, 742 per "
    "kilogram. Station S12 at the mouth had the fewest. The number of fibres was related to the distance "
    "from the nearest outfall (r = -0.71, p < 0.01), but not to the share of silt.",
    "Of the fibres examined, 58 per cent were polyester, 23 per cent polyamide and 11 per cent acrylic.",
    "At the two stations that were visited again after the flood of July 2021 the number had fallen by a "
    "third.",
)
_DISCUSSION = (
    "The number of fibres is moderate in comparison with other estuaries. We think that hospital laundries "
    "matter because they wash polyester at 90 degrees, which breaks more fibres off than washing at 40 "
    "degrees does.",
    "The flood removed a part of the fibres; where they went we do not know. They may lie in the outer "
    "estuary.",
    "Our study has limits. It covers one summer. Ropes and nets, which are plentiful in the harbour of "
    "Marlhaven, may give off fibres that our method cannot tell from those of clothes.",
)
_END = (
    "Ilse Brandvold took the samples and wrote the text; Tomasz Kerekes did the spectroscopy; Amara Nwosu "
    "planned the study.",
    "The work was paid for by the Mirabel Foundation (grant MF-2020-118).",
)
_REFERENCES = (
    "1. Aldridge P, Sorn K (2016) Fibres in tidal mud. Journal of Estuaries 41, 77-90.",
    "2. Brandvold I (2019) A steel corer for soft beds. Field Methods 8, 12-19.",
    "3. Haraldsen T et al. (2018) What comes out of the wash. Water and Cloth 3, 201-215.",
    "4. Kerekes T (2020) Infrared spectra of aged polyamide. Spectra 55, 1-22.",
)


def microfibres_paper() -> bytes:
    """Return the paper, of a few pages."""
    story: list[Flowable] = [
        *turn(ONE_COLUMN)[:1],
        chapter("Hospital laundries are a source of microfibres in the bed of a tidal river"),
        *prose(
            "Ilse Brandvold, Tomasz Kerekes, Amara Nwosu", "Institute of Coastal Waters, Marlhaven", _ABSTRACT
        ),
        *turn(TWO_COLUMNS),
    ]
    for title, paragraphs in (
        ("1 Introduction", _INTRODUCTION),
        ("2 Methods", _METHODS),
        ("3 Results", _RESULTS),
        ("4 Discussion", _DISCUSSION),
        ("Contributions and funding", _END),
    ):
        story += [section(title), *prose(*paragraphs)]
        if title == "3 Results":
            story += _stations()
    story += [FrameBreak(), section("References"), *prose(*_REFERENCES)]
    furniture = Furniture("Brandvold et al.", "Coastal Water Letters 12 (2022) 233-237", 233)
    return pdf(
        story, furniture, title="Hospital laundries are a source of microfibres", author="I. Brandvold"
    )


def _stations() -> list[Flowable]:
    return table(
        "Table 1. Fibres per kilogram of dry sediment",
        [("Station", "km to mouth", "Mean", "SD")],
        [
            ("S1", "26.0", "211", "48"),
            ("S4", "23.5", "402", "71"),
            ("S7", "22.1", "742", "130"),
            ("S9", "14.8", "287", "55"),
            ("S12", "0.4", "96", "22"),
        ],
        widths=(50, 60, 45, 40),
    )
