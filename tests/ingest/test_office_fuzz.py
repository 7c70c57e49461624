"""Office files whose elements stand in any order: none is refused, and what is read can be stored."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.readers import read
from tests.support.office_files import chart, diagram, numbering, open_document, slides, word

VALUES = ("", "0", "1", "2", "-1", "99999999999", "x", "continue", "begin", "separate", "end", "true", "٣")


def element(name: str, known: dict[str, str], inside: list[str]) -> str:
    attributes = "".join(f' {attribute}="{value}"' for attribute, value in known.items())
    return f"<{name}{attributes}>{''.join(inside)}</{name}>"


def trees(names: str, attributes: str) -> st.SearchStrategy[str]:
    """XML of these elements in any order and depth, with any of these attributes."""
    known = st.dictionaries(st.sampled_from(attributes.split()), st.sampled_from(VALUES), max_size=3)
    return st.recursive(
        st.sampled_from(("word", "12 ", "𐌲", "")),
        lambda inner: st.builds(element, st.sampled_from(names.split()), known, st.lists(inner, max_size=4)),
        max_leaves=25,
    )


WORD = trees(
    """w:p w:r w:t w:tbl w:tr w:tc w:tcPr w:trPr w:tblHeader w:gridSpan w:vMerge w:hMerge w:gridBefore w:pPr
    w:rPr w:numPr w:numId w:ilvl w:pStyle w:outlineLvl w:vanish w:vertAlign w:sym w:fldChar w:fldSimple
    w:instrText w:footnoteReference w:commentReference w:commentRangeStart w:commentRangeEnd w:sdt
    w:sdtContent w:del w:ins w:ruby w:rt w:txbxContent w:altChunk w:lvl w:lvlText w:numFmt w:start
    w:abstractNum w:num w:abstractNumId w:lvlOverride w:startOverride w:style w:name w:basedOn w:footnote
    w:comment w:checkBox w:ddList w:listEntry w:ffData m:oMath m:f m:num m:den m:rad m:nary m:d m:m m:mr m:e
    m:t m:acc c:chart dgm:relIds mc:AlternateContent mc:Choice mc:Fallback a:txBody a:p a:t""",
    """w:val w:id w:styleId w:numId w:ilvl w:abstractNumId w:fldCharType w:char w:font r:id r:dm m:val w:instr
    w:author w:date""",
)
SLIDE = trees(
    """p:sp p:grpSp p:graphicFrame p:txBody p:nvSpPr p:nvPr p:cNvPr p:ph a:p a:pPr a:r a:rPr a:t a:br
    a:buAutoNum a:tbl a:tblPr a:tr a:tc c:chart c:ser c:cat c:val c:lvl c:pt c:v c:tx c:formatCode dgm:pt
    dgm:t dgm:cxn a:graphic a:graphicData dgm:relIds m:oMath m:sSup m:e m:sup""",
    """type lvl startAt idx r:id r:dm gridSpan rowSpan hMerge vMerge baseline modelId srcId destId srcOrd
    firstRow hidden formatCode""",
)
OPEN = trees(
    """text:p text:h text:span text:list text:list-item text:list-header text:note text:note-citation
    text:note-body text:s text:tab text:number text:section text:ruby text:ruby-text text:list-style
    text:list-level-style-number text:outline-style text:outline-level-style table:table table:table-row
    table:table-cell table:covered-table-cell table:table-header-rows office:annotation draw:frame
    draw:text-box draw:object draw:page math:math math:mfrac math:msup math:mtable math:mtr math:mi
    style:style style:text-properties presentation:notes office:chart chart:chart""",
    """text:style-name text:c text:outline-level text:level text:display-levels text:start-value
    style:num-format style:name style:family style:parent-style-name xlink:href text:display
    table:number-columns-repeated table:number-columns-spanned table:number-rows-spanned presentation:class
    office:value table:name""",
)


def store(data: bytes, name: str) -> None:
    for piece in read(data, name).pieces:
        f"{piece.label}{piece.text}".encode()


@given(WORD, WORD, WORD, WORD)
@settings(max_examples=150, deadline=None)
def test_any_word_document_is_read(body: str, lists: str, styles: str, notes: str):
    parts = {"numbering": lists, "styles": styles, "footnotes": notes, "comments": notes, "header": body}
    store(word(body, **parts, chart=chart(), diagramData=diagram()), "a.docx")
    store(word(body, numbering=numbering(("decimal", "%1.%2"))), "a.docx")


@given(SLIDE, SLIDE)
@settings(max_examples=150, deadline=None)
def test_any_presentation_is_read(tree: str, data: str):
    parts = {"chart": ("c:chartSpace", data), "diagramData": ("dgm:dataModel", data)}
    store(slides(tree, tree, **parts), "a.pptx")


@given(OPEN, OPEN, st.sampled_from(["text", "presentation", "spreadsheet"]))
@settings(max_examples=150, deadline=None)
def test_any_open_document_is_read(body: str, styles: str, kind: str):
    ending = {"text": "odt", "presentation": "odp", "spreadsheet": "ods"}[kind]
    store(open_document(kind, body, styles, styles), f"a.{ending}")
