"""The quality page: counts by expectation, stopped outlets, rejected rows, and the night on which all is well."""

from __future__ import annotations

from lxml import html

from reports.quality import SHOWN_REJECTIONS, Repairs, render_quality
from transforms.records import Rejection, Validation

NIGHT = "2026-11-21"
ATTACK = "</code><script>alert(1)</script>\u202e" + "x" * 500


def validation(unexpected: int = 0, checked: int = 10, **changes: object) -> Validation:
    fields: dict[str, object] = {
        "table": "articles",
        "batch": "all",
        "expectation": "text is long enough",
        "column": "text",
        "severity": "critical",
        "is_success": unexpected == 0,
        "checked_count": checked,
        "unexpected_count": unexpected,
    }
    return Validation(**{**fields, **changes})  # type: ignore[arg-type]


def rejection(number: int = 0, **changes: object) -> Rejection:
    fields: dict[str, object] = {
        "table": "articles",
        "row_id": f"row {number}",
        "outlet_id": "karatau",
        "capture_id": None,
        "expectation": "text is long enough",
        "column": "text",
        "raw_value": ATTACK,
        "row_json": "{}",
    }
    return Rejection(**{**fields, **changes})  # type: ignore[arg-type]


def page(validations: list[Validation], rejections: list[Rejection]) -> html.HtmlElement:
    source = render_quality(NIGHT, validations, rejections)
    assert source == render_quality(NIGHT, validations, rejections)
    found = html.document_fromstring(source)
    assert not found.xpath("//script | //@style | //img | //link")
    assert {address[1:] for address in found.xpath("//a/@href")} <= set(found.xpath("//@id"))
    return found


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_all_clear() -> None:
    shown = page([validation(), validation(expectation="title is given", column="title")], [])
    assert text(shown.xpath("//h1")[0]) == "10 rows checked, none rejected"
    assert "All clear: nothing was rejected, no outlet was stopped, and no expectation warned." in text(shown)


def test_a_night_without_rows() -> None:
    shown = page([], [])
    assert "Nothing was judged" in text(shown)
    assert "All clear" not in text(shown)


def test_a_warning_rejects_nothing_but_is_told() -> None:
    shown = page([validation(2, severity="warning")], [])
    assert text(shown.xpath("//h1")[0]) == "10 rows checked, none rejected, 1 expectation warns"
    assert "no expectation warned" not in text(shown)


def test_counts_of_several_loads_are_added() -> None:
    shown = page([validation(1), validation(2, checked=20)], [rejection(1), rejection(2), rejection(3)])
    assert text(shown.xpath("//h1")[0]) == "30 rows checked, 3 rejected"
    assert [text(cell) for cell in shown.xpath("//table[@class='checks']/tbody/tr/td")] == ["critical", "30", "3"]


def test_a_row_that_fails_twice_is_one_row() -> None:
    shown = page([validation(1)], [rejection(1), rejection(1, expectation="title is given", column="title")])
    assert "10 rows checked by 1 expectation; 1 row rejected." in text(shown)


def test_a_stopped_outlet_is_named_with_its_rows() -> None:
    stop = validation(9, batch="karatau", expectation="batch", column=None, detail="9 of 10 rows were refused")
    shown = page([validation(9), stop], [rejection(1), rejection(2, expectation="batch", column=None, raw_value=None)])
    assert "1 outlet stopped" in text(shown.xpath("//h1")[0])
    assert "karatau" in text(shown.get_element_by_id("stopped"))
    assert "its outlet was stopped" in text(shown)


def test_raw_values_are_text_and_bounded() -> None:
    (raw,) = page([validation(1)], [rejection()]).xpath("//table[@class='rejected']//td/code[@dir]")
    assert raw.text.startswith("</code><script>alert(1)</script>xxx")
    assert len(raw.text) <= 200


def test_many_rejections_are_counted_and_the_first_shown() -> None:
    shown = page([validation(250, checked=300)], [rejection(number) for number in range(SHOWN_REJECTIONS + 50)])
    assert len(shown.xpath("//table[@class='rejected']/tbody/tr")) == SHOWN_REJECTIONS
    assert "50 more rejections not shown" in text(shown)


def test_proposed_edits_are_shown_as_text_whatever_they_say() -> None:
    page = html.document_fromstring(render_quality(NIGHT, [], [], Repairs(ATTACK, [ATTACK], ["moved to another's"])))
    section = page.get_element_by_id("repairs")
    assert section.findtext(".//pre/code") == ATTACK.replace("\u202e", "")
    assert "settled by hand" in section.text_content()
    assert not page.findall(".//script")
    assert "repairs" not in render_quality(NIGHT, [], [])
