"""Office files written as XML, for what the libraries that write them cannot make."""

from tests.support.sample_files import zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

NAMES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        "w": W,
        "r": R,
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
        "p188": "http://schemas.microsoft.com/office/powerpoint/2018/8/main",
    }.items()
)
"""The names that the elements of all these files begin with."""

STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/": "http://purl.oclc.org/ooxml/wordprocessingml/",
    "http://schemas.openxmlformats.org/presentationml/2006/": "http://purl.oclc.org/ooxml/presentationml/",
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
    "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
}
"""Names in the usual form of the format, and in its strict form."""


def word(body: str, strict: bool = False, **parts: str) -> bytes:
    """A Word document. ``parts`` are the contents of other parts, named by their kind, such as ``styles`` or
    ``chart``; each has the id of its kind.
    """
    roots = {
        "numbering": "w:numbering",
        "styles": "w:styles",
        "footnotes": "w:footnotes",
        "endnotes": "w:endnotes",
        "comments": "w:comments",
        "header": "w:hdr",
        "footer": "w:ftr",
        "chart": "c:chartSpace",
        "diagramData": "dgm:dataModel",
    }
    members = {
        "_rels/.rels": relations({"doc": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations({kind: (kind, f"{kind}.xml") for kind in parts}),
    } | {
        f"word/{kind}.xml": f"<{roots[kind]} {NAMES}>{content}</{roots[kind]}>"
        for kind, content in parts.items()
    }
    return zipped({name: as_strict(text) if strict else text for name, text in members.items()})


def relations(targets: dict[str, tuple[str, str]]) -> str:
    """The relations of a part: by id, the kind and the target of each."""
    each = "".join(
        f'<Relationship Id="{id_}" Type="{_KINDS}{kind}" Target="{target}"/>'
        for id_, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def as_strict(text: str) -> str:
    """The same XML in the strict form of the format."""
    for usual, strict in STRICT.items():
        text = text.replace(usual, strict)
    return text


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int = 0, list_: int = 1) -> str:
    """A paragraph that a list numbers."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>')


def numbering(*levels: tuple[str, str], more: str = "", uses: str = "") -> str:
    """A list with the form and the text of each level; ``more`` stands in every level."""
    written = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}'
        "</w:lvl>"
        for i, (form, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="0">{written}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{uses}'
    )


def chart(values: str = "", title: str = "Ducks seen", form: str = "General") -> str:
    """A chart of two series over two years."""

    def points(*texts: str) -> str:
        return "".join(f'<c:pt idx="{i}"><c:v>{text}</c:v></c:pt>' for i, text in enumerate(texts))

    def series(name: str, *numbers: str) -> str:
        return (
            f"<c:ser><c:tx><c:strRef><c:strCache>{points(name)}</c:strCache></c:strRef></c:tx>"
            f"<c:cat><c:strRef><c:strCache>{points('2019', '2020')}</c:strCache></c:strRef></c:cat>"
            f"<c:val><c:numRef><c:numCache><c:formatCode>{form}</c:formatCode>{points(*numbers)}"
            "</c:numCache></c:numRef></c:val></c:ser>"
        )

    return (
        f"<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        f"<c:plotArea><c:barChart>{series('Freshwater', '120', '95')}{series('Saltwater', '0.25', '110')}"
        f"{values}</c:barChart></c:plotArea></c:chart>"
    )


def diagram() -> str:
    """A diagram of a point with two points below it, stored in another order."""

    def point(id_: int, text: str) -> str:
        return f'<dgm:pt modelId="{id_}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'

    links = "".join(
        f'<dgm:cxn modelId="{10 + order}" srcId="1" destId="{child}" srcOrd="{order}"/>'
        for order, child in enumerate((3, 2))
    )
    return (
        f"<dgm:ptLst>{point(2, 'Last')}{point(3, 'Next')}{point(1, 'First')}</dgm:ptLst>"
        f"<dgm:cxnLst>{links}</dgm:cxnLst>"
    )


def fraction(above: str, below: str) -> str:
    """A fraction of two formulas."""
    return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


def letters(text: str) -> str:
    """A part of a formula."""
    return f"<m:r><m:t>{text}</m:t></m:r>"


def raised(base: str, exponent: str) -> str:
    """A power."""
    return f"<m:sSup><m:e>{letters(base)}</m:e><m:sup>{letters(exponent)}</m:sup></m:sSup>"


def slides(*trees: str, strict: bool = False, attributes: str = "", **parts: tuple[str, str]) -> bytes:
    """A presentation of slides with these shapes. ``parts`` are others that the slides refer to: by id, the
    name of the root and its content; the kind of each is its id.
    """
    ids = "".join(f'<p:sldId id="{256 + i}" r:id="slide{i}"/>' for i in range(len(trees)))
    members = {
        "_rels/.rels": relations({"doc": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {f"slide{i}": ("slide", f"slides/slide{i}.xml") for i in range(len(trees))}
            | {id_: (id_, f"{id_}.xml") for id_ in parts if id_.endswith("uthors")}
        ),
    }
    for i, tree in enumerate(trees):
        slide = f"<p:cSld><p:spTree>{tree}</p:spTree></p:cSld>"
        members[f"ppt/slides/slide{i}.xml"] = f"<p:sld {NAMES} {attributes}>{slide}</p:sld>"
        members[f"ppt/slides/_rels/slide{i}.xml.rels"] = relations(
            {id_: (id_, f"../{id_}.xml") for id_ in parts}
        )
    for id_, (root, content) in parts.items():
        members[f"ppt/{id_}.xml"] = f"<{root} {NAMES}>{content}</{root}>"
    return zipped({name: as_strict(text) if strict else text for name, text in members.items()})


def shape(*paragraphs: str, kind: str = "", hidden: bool = False) -> str:
    """A shape with these paragraphs; ``kind`` is that of the box of its layout that it fills."""
    box = f'<p:ph type="{kind}"/>' if kind else ""
    body = "".join(text if text.startswith("<") else f"<a:p>{run(text)}</a:p>" for text in paragraphs)
    known = f'<p:cNvPr id="2" name="Box" hidden="{int(hidden)}"/><p:nvPr>{box}</p:nvPr>'
    return f"<p:sp><p:nvSpPr>{known}</p:nvSpPr><p:txBody>{body}</p:txBody></p:sp>"


def run(text: str, properties: str = "") -> str:
    """A run of text in a drawing."""
    return f"<a:r><a:rPr {properties}/><a:t>{text}</a:t></a:r>"


def framed(content: str) -> str:
    """A table, chart or diagram on a slide."""
    return f"<p:graphicFrame><a:graphic><a:graphicData>{content}</a:graphicData></a:graphic></p:graphicFrame>"


_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OPEN_NAMES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        **{
            each: f"{_OASIS}{each}:1.0"
            for each in ("office", "style", "text", "table", "meta", "presentation")
        },
        **{
            "draw": f"{_OASIS}drawing:1.0",
            "chart": f"{_OASIS}chart:1.0",
            "svg": f"{_OASIS}svg-compatible:1.0",
        },
        "xlink": "http://www.w3.org/1999/xlink",
        "dc": "http://purl.org/dc/elements/1.1/",
        "math": "http://www.w3.org/1998/Math/MathML",
    }.items()
)


def open_document(kind: str, body: str, styles: str = "", page: str = "", **objects: str) -> bytes:
    """An OpenDocument file, ``kind`` being ``text``, ``presentation`` or ``spreadsheet``. ``styles`` are its
    own, ``page`` describes its pages, ``objects`` are documents inside it.
    """
    content = (
        f"<office:document-content {OPEN_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    whole = f"<office:document-styles {OPEN_NAMES}>{page}</office:document-styles>"
    inside = {
        f"{name}/content.xml": text.replace(" names>", f" {OPEN_NAMES}>") for name, text in objects.items()
    }
    return zipped({"content.xml": content, "styles.xml": whole, **inside})
