import pytest

from transforms.decoding import decode
from transforms.plain import lines_of, one_line, text_of_markup, without_controls

RUSSIAN = "Информационные агентства двух стран подписали меморандум о сотрудничестве"
KAZAKH = "Екі елдің ақпарат агенттіктері ынтымақтастық туралы меморандумға қол қойды"
CHINESE = "两国通讯社在首都签署合作备忘录,双方将交换新闻和记者"
TURKISH = "İki ülkenin haber ajansları iş birliği anlaşması imzaladı, görüşmeler sürüyor"
FRENCH = "Les agences de presse ont signé un accord à Genève, où elles étaient réunies"


def xml(text: str, declared: str | None = "utf-8") -> str:
    return (f'<?xml version="1.0" encoding="{declared}"?>' if declared else "") + f"<rss>{text}</rss>"


@pytest.mark.parametrize(
    ("situation", "text", "actual", "declared", "content_type"),
    [
        ("all agree", RUSSIAN, "utf-8", "utf-8", "text/xml; charset=utf-8"),
        ("declared utf-8 over windows-1251", RUSSIAN, "cp1251", "utf-8", None),
        ("served and declared utf-8 over windows-1251", RUSSIAN, "cp1251", "utf-8", "text/xml; charset=utf-8"),
        ("served as latin-1 by default", RUSSIAN, "cp1251", None, "text/xml; charset=ISO-8859-1"),
        ("declared utf-8 over KOI8-R", RUSSIAN, "koi8-r", "utf-8", None),
        ("declared windows-1251 over utf-8", RUSSIAN, "utf-8", "windows-1251", "text/xml; charset=windows-1251"),
        ("the header knows better than the declaration", RUSSIAN, "cp1251", "koi8-u", "text/xml; charset=windows-1251"),
        ("the declaration alone", RUSSIAN, "koi8-r", "koi8-r", "text/xml"),
        ("nothing declared", RUSSIAN, "cp1251", None, None),
        ("a charset nobody knows", RUSSIAN, "utf-8", "x-unknown", "text/xml; charset=foo"),
        ("a codec that is no text encoding", RUSSIAN, "utf-8", "base64", "text/xml; charset=zlib"),
        ("utf-16 with a mark", KAZAKH, "utf-16", "utf-16", None),
        ("utf-16 without a mark", KAZAKH, "utf-16-le", "utf-16", None),
        ("utf-16 declared over utf-8", KAZAKH, "utf-8", "utf-16", None),
        ("a mark at the start", KAZAKH, "utf-8-sig", None, None),
        ("Chinese under utf-8", CHINESE, "gb18030", "utf-8", None),
        ("gb2312 that is really its superset", CHINESE + "镕", "gb18030", "gb2312", None),
        ("Turkish under utf-8", TURKISH, "cp1254", "utf-8", None),
        ("French under latin-1", FRENCH, "cp1252", "iso-8859-1", None),
    ],
)
def test_bytes_come_out_right(situation, text, actual, declared, content_type):
    decoded = decode(xml(text, declared).encode(actual), content_type)
    assert decoded is not None, situation
    assert decoded.text == xml(text, declared), situation


def test_a_mark_over_other_bytes_is_not_believed():
    decoded = decode(b"\xef\xbb\xbf" + xml(RUSSIAN, None).encode("cp1251"))
    assert decoded is not None
    assert RUSSIAN in decoded.text


def test_a_character_cut_in_half_is_damage_and_not_another_encoding():
    decoded = decode(xml(RUSSIAN + "…", None).encode()[:-8] + b"</rss>")
    assert decoded is not None
    assert decoded.encoding == "utf-8"
    assert decoded.damaged == 1


@pytest.mark.parametrize(
    ("situation", "payload"),
    [
        ("Japanese", xml("日本語のニュースサイトからの記事です。").encode("shift_jis")),
        ("Korean", xml("두 나라 통신사가 협력 양해각서에 서명했다 " * 3).encode("euc-kr")),
        ("noise", b"<rss>" + bytes(range(128, 256)) + b"</rss>"),
    ],
)
def test_what_no_encoding_of_the_region_explains_is_not_guessed(situation, payload):
    assert decode(payload) is None, situation


def test_marks_of_old_editors_are_quotes():
    assert without_controls("don\x92t \x96 stop\x00") == "don’t – stop"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain & simple", "plain & simple"),
        ("<p>One</p><p>two</p>", "One two"),
        ("AT&amp;T<br>wins", "AT&T wins"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<!-- only a comment -->", None),
        ("<b></b>", None),
        ("5 < 6", "5 < 6"),
        ('<?xml version="1.0" encoding="utf-8"?><p>odd</p>', "odd"),
        (None, None),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup, text):
    assert text_of_markup(markup) == text


def test_stored_lines():
    assert lines_of("Ka\u00adzakh\u200bstan \r\n\r\n  e\u0301te\u0301\u2028end ") == "Kazakhstan\nété\nend"
    assert one_line(" \u00a0 ") is None
