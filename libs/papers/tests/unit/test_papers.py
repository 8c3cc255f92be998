"""What a page says, and that nothing anybody typed becomes a part of the page itself."""

from xml.etree import ElementTree

from papers.labels import label
from papers.pages import Paper, page

HOSTILE = '<script>alert("x")</script>&'
PAPER = Paper(
    title="Order 订单",
    number="PO-1",
    code="urn:trueshelf:order:1",
    facts={"Supplier 供应商": "best", "Note 备注": None},
    heads=("#", "Item 商品"),
    rows=[("1", "tea"), ("2", "rice")],
    signatures={"Ordered by 订购人": "ann", "Received by 签收人": None},
)


def read(text: str) -> ElementTree.Element:
    """Return the page as a tree; what is no well-formed page fails here."""
    return ElementTree.fromstring(text.replace("<!doctype html>", "").replace(CHARSET, ""))  # noqa: S314 - our own


CHARSET = '<meta charset="utf-8">'


def texts(tree: ElementTree.Element, tag: str) -> list[str]:
    return ["|".join(one.itertext()) for one in tree.iter(tag)]


def test_a_page_says_number_facts_lines_and_who_signed() -> None:
    tree = read(page(PAPER).replace("<br>", "<br/>"))
    assert texts(tree, "h1") == ["Order 订单 PO-1"]
    assert texts(tree, "p") == ["Supplier 供应商: best"]
    assert texts(tree, "th") == ["#", "Item 商品"]
    assert texts(tree, "tr")[1:] == ["1|tea", "2|rice"]
    (signatures,) = [one for one in tree.iter("div") if one.get("class") == "signatures"]
    assert texts(signatures, "div")[1:] == ["Ordered by 订购人|ann", "Received by 签收人"]


def test_the_page_bears_the_label_of_its_code() -> None:
    assert label(PAPER.code, PAPER.number) in page(PAPER)
    assert label("urn:trueshelf:order:2", PAPER.number) not in page(PAPER)


def test_what_people_typed_is_text_and_never_a_part_of_the_page() -> None:
    paper = Paper(
        title=HOSTILE,
        number=HOSTILE,
        code=HOSTILE,
        facts={"Note 备注": HOSTILE},
        heads=(HOSTILE,),
        rows=[(HOSTILE,)],
        signatures={HOSTILE: HOSTILE},
    )
    written = page(paper)
    assert "<script" not in written
    assert texts(read(written.replace("<br>", "<br/>")), "td") == [HOSTILE]


def test_a_label_is_a_picture_with_the_text_below() -> None:
    tree = ElementTree.fromstring(label("urn:x", HOSTILE))  # noqa: S314 - our own
    assert texts(tree, "{http://www.w3.org/2000/svg}text") == [HOSTILE]
