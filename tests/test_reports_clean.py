"""What strangers write is made harmless: invisible characters, addresses, Markdown, anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup

from reports.clean import anchor, as_lines, for_markdown, language_tag, markdown_link, plain, shortened, web_address


@pytest.mark.parametrize(
    ("situation", "text", "cleaned"),
    [
        ("an override of direction", "report\u202efdp.exe", "reportfdp.exe"),
        ("isolates and marks", "\u2066a\u2069\u200eb\u200f", "ab"),
        ("zero width", "pay\u200bpal\ufeff\u2060", "paypal"),
        ("a soft hyphen", "co\u00adoperation", "cooperation"),
        ("a joiner in Latin letters", "a\u200cb", "ab"),
        ("a non-joiner between Persian letters", "می\u200cروم", "می\u200cروم"),
        ("lines and tabs", " one\n\ttwo\r\nthree ", "one two three"),
        ("controls", "a\x00b\x1bc\x85d", "abc d"),
        ("tag characters", "a\U000e0041b", "ab"),
        ("half a pair of surrogates", "a\ud800b", "ab"),
        ("letters of the region", "Ўзбекистон, Қазақстан, Türkmenistan", "Ўзбекистон, Қазақстан, Türkmenistan"),
    ],
)
def test_plain(situation: str, text: str, cleaned: str) -> None:
    assert plain(text) == cleaned


@given(st.text())
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://news.example/a?b=c&d=%20#e", "https://news.example/a?b=c&d=%20#e"),
        ("http://news.example/новости/1", "http://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"),
        ('https://news.example/"><b>', "https://news.example/%22%3E%3Cb%3E"),
        ("https://news.example/(a)[b]", "https://news.example/%28a%29%5Bb%5D"),
        ("https://новости.example:8080/a", "https://xn--b1amnebsh.example:8080/a"),
        ("https://news.example:port/", None),
        ('https://"onmouseover=alert(1)', None),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://news.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//news.example/a", None),
        ("/a", None),
        ("https://", None),
        ("https://user@news.example/", None),
        ("https://news.example\\@evil.example/", None),
        ("https://news\u202e.example/", None),
        ("https://news.example/a b", None),
        ("https://[broken/", None),
        ("", None),
        (None, None),
    ],
)
def test_web_address(address: str | None, link: str | None) -> None:
    assert web_address(address) == link


@pytest.mark.parametrize(
    ("language", "tag"), [("kk", "kk"), ("uz-Cyrl", "uz-Cyrl"), ("und", None), (None, None), ('en" x="', None)]
)
def test_language_tag(language: str | None, tag: str | None) -> None:
    assert language_tag(language) == tag


def test_shortened() -> None:
    assert shortened("a" * 10, 10) == "a" * 10
    assert shortened("aaaa bbbb cccc", 10) == "aaaa bbbb…"


@given(st.text())
def test_anchors_are_legible_and_tell_different_things_apart(text: str) -> None:
    name = anchor("rows", text)
    assert name.isascii()
    assert not set(name) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
    assert text == "other" or name != anchor("rows", "other")


@given(st.text())
def test_escaped_markdown_is_read_as_the_text_that_it_was(text: str) -> None:
    rendered = MarkdownIt("commonmark").parse("- x " + for_markdown(text))
    inline = [child for token in rendered for child in token.children or ()]
    assert "".join(child.content for child in inline) == f"x {plain(text)}".rstrip()


def test_markdown_link() -> None:
    assert markdown_link("https://a.example/<b>", "a]b") == "[a\\]b](<https://a.example/%3Cb%3E>)"
    assert markdown_link("javascript:x", "a*b") == "a\\*b"
    assert isinstance(markdown_link(None, "<b>"), Markup)


def test_a_diff_keeps_its_lines_and_spaces_and_nothing_harmful() -> None:
    lines = str(as_lines('--- a\n name = "x"\n-url = "<b>"\n+url = "\u202ey"')).splitlines()
    assert lines == ["--- a", " name = &#34;x&#34;", "-url = &#34;&lt;b&gt;&#34;", "+url = &#34;y&#34;"]
