"""The body of a page whole: bodies in several boxes, bodies that the quick way misses, and other articles' prose."""

from schemas.article import Completeness
from tests.unit.text.build import article

_HEAD = "<head><title>Floods close the river road</title></head>"


def prose(first: int, last: int, subject: str = "The council") -> str:
    return "".join(
        f"<p>{subject} said in part {number} of its report that the water had reached house number {number * 7} of the"
        f" lower quarter and that lorries were sent over the northern road from hour {number} on.</p>"
        for number in range(first, last)
    )


def test_a_body_in_several_boxes_of_one_class_is_read_whole() -> None:
    boxes = "".join(
        f'<div class="article-body story__chunk">{prose(at, at + 5)}</div><div class="ad">Advertisement</div>'
        for at in (1, 6, 11)
    )
    got = article(f"<html>{_HEAD}<body><main><h1>Floods close the river road</h1>{boxes}</main></body></html>")
    assert [f"part {number} " in got.text for number in range(1, 16)] == [True] * 15
    assert got.completeness is Completeness.FULL


def test_a_body_behind_a_box_that_only_looks_like_it_is_found() -> None:
    answers = f'<article class="faq"><h2>Questions</h2>{prose(1, 6, "The help desk")}</article>'
    body = f'<main><h1>Floods close the river road</h1><div class="rich-text">{prose(10, 40)}</div></main>'
    got = article(f"<html>{_HEAD}<body>{body}{answers}</body></html>")
    assert [f"part {number} " in got.text for number in range(10, 40)] == [True] * 30


def test_the_article_around_the_headline_is_whole_however_many_follow() -> None:
    own = f'<article class="post"><h1>Floods close the river road</h1>{prose(1, 8)}</article>'
    others = "".join(
        f'<article class="post"><h2>Another story {at}</h2>{prose(at, at + 8, "A farmer")}</article>'
        for at in (20, 30, 40)
    )
    got = article(f"<html>{_HEAD}<body><div>{own}{others}</div></body></html>")
    assert "part 7 " in got.text
    assert "A farmer" not in got.text


def test_a_text_that_stays_a_part_is_said_to_be_one() -> None:
    # Each paragraph in a box of a class of its own and in words no stop list knows: no extractor takes it for prose.
    strange = (
        "Zorbel quaxim tordal heth venqual, moribal testun ferdan luxol pamir odrel garmun tolith, berdal merilon."
    )
    boxes = "".join(
        f'<div class="venue-{at}"><div><span><p>Quax {at}: {strange}</p></span></div></div>' for at in range(20)
    )
    body = f'<main><h1>Floods close the river road</h1><article class="lead">{prose(1, 6)}</article></main>'
    got = article(f'<html>{_HEAD}<body>{body}<div class="page-tail"><dl>{boxes}</dl></div></body></html>')
    assert "part 5 " in got.text
    assert "Quax" not in got.text
    assert got.completeness is Completeness.PARTIAL
