import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.urls import absolute_url, are_same_site, article_id_of, canonical_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.kz", "https://example.kz/"),
        ("HTTPS://User:pw@Example.KZ:443/News/1", "https://example.kz/News/1"),
        ("http://example.kz:8080/a", "http://example.kz:8080/a"),
        ("https://example.kz/a//b/./c/../d/", "https://example.kz/a/b/d/"),
        ("https://example.kz/a?utm_source=rss&utm_medium=feed", "https://example.kz/a"),
        ("https://example.kz/a?b=2&yclid=1&ysclid=2&_openstat=3&fbclid=4&gclid=5&a=1", "https://example.kz/a?a=1&b=2"),
        ("https://example.kz/a?from=rss&ref=telegram", "https://example.kz/a"),
        ("https://example.kz/a?sphrase_id=81&bxajaxid=f00&from=smi2&yrwinfo=1-2&srsltid=x", "https://example.kz/a"),
        ("https://example.kz/a?from=singlemessage&isappinstalled=0&share_source=wechat", "https://example.kz/a"),
        ("https://example.kz/a?_x_tr_sl=kk&_x_tr_tl=ru&__cf_chl_tk=1&usqp=mq331AQ", "https://example.kz/a"),
        ("https://example.kz/a?amp=1", "https://example.kz/a?amp=1"),  # asked as it stands; only the id is folded
        ("https://example.kz/a?from=2025-01-01&ref=17", "https://example.kz/a?from=2025-01-01&ref=17"),
        ("https://example.kz/news?12345", "https://example.kz/news?12345"),
        ("https://example.kz/?gallery=1&cid=2&PHPSESSID=abc", "https://example.kz/?cid=2&gallery=1"),
        ("https://example.kz/a;jsessionid=1A2B?id=1", "https://example.kz/a?id=1"),
        ("https://example.kz/a#comments", "https://example.kz/a"),
        ("https://example.kz/%d0%b0%7Eb", "https://example.kz/%D0%B0~b"),
        ("https://example.kz/жаңалық", "https://example.kz/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        (" https://example.kz/a\n ", "https://example.kz/a"),
        ("https://example.kz/a?x=1&amp;y=2", "https://example.kz/a?x=1&y=2"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("mailto:desk@example.kz", None),
        ("javascript:alert(1)", None),
        ("//example.kz/a", None),
        ("https://", None),
        ("https://exa mple.kz/", "https://example.kz/"),
        ("http://[bad", None),
        ("https://example.kz:99999/", None),
        ("https://example.kz/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_canonical_form(url, canonical):
    assert canonical_url(url) == canonical


PATHS = st.text(alphabet=st.sampled_from("abЖ漢%2fF./;~ +&=?#!'\"é:@"), max_size=40)


@given(st.sampled_from(["http", "https"]), st.sampled_from(["example.kz", "WWW.Пример.рф", "a.b:80", "a:443"]), PATHS)
def test_canonical_form_is_idempotent(scheme, host, path):
    once = canonical_url(f"{scheme}://{host}/{path}")
    assert once is not None
    assert canonical_url(once) == once
    assert once.isascii()


@given(st.text(max_size=80))
def test_no_text_makes_it_raise(text):
    for url in (text, f"https://{text}", f"https://example.kz/{text}"):
        once = canonical_url(url)
        assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    "other",
    ["http://example.kz/a/1", "https://www.example.kz/a/1", "https://example.kz/a/1/", "https://www.example.kz/a/1/"],
)
def test_one_article_has_one_id(other):
    assert article_id_of(other) == article_id_of("https://example.kz/a/1")


EDITIONS = {
    "a mobile host": "https://m.example.kz/news/12-rain",
    "one with another name": "https://mobile.example.kz/news/12-rain",
    "with www": "https://www.m.example.kz/news/12-rain",
    "the host of Russian sites for pocket computers": "http://pda.example.kz/news/12-rain",
    "an AMP host": "https://amp.example.kz/news/12-rain",
    "AMP as the last part": "https://example.kz/news/12-rain/amp/",
    "as an ending": "https://example.kz/news/12-rain.amp",
    "as a file": "https://example.kz/news/12-rain/amp.html",
    "as the first part": "https://example.kz/amp/news/12-rain",
    "as a parameter": "https://example.kz/news/12-rain?amp=1",
    "as one without a value": "https://example.kz/news/12-rain?amp",
    "as a value": "https://example.kz/news/12-rain?outputType=amp",
    "on a mobile host": "https://m.example.kz/news/12-rain?amp=1",
}


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS.keys())
def test_editions_of_one_page_have_one_id(edition):
    canonical = canonical_url(edition)
    assert canonical is not None
    assert article_id_of(canonical) == article_id_of("https://example.kz/news/12-rain")


APART = {
    "a host of one letter that is the site": ("https://m.kz/1", "https://kz/1"),
    "a language": ("https://kk.example.kz/1", "https://example.kz/1"),
    "a word that ends in amp": ("https://example.kz/news/lamp", "https://example.kz/news/l"),
    "a section named amp": ("https://example.kz/amp", "https://example.kz/"),
    "a parameter that is no edition": ("https://example.kz/a?sort=amp", "https://example.kz/a"),
    "a parameter beside it": ("https://example.kz/a?amp=1&id=2", "https://example.kz/a"),
}


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART.keys())
def test_what_only_looks_like_an_edition_is_kept_apart(one, other):
    assert article_id_of(one) != article_id_of(other)


def test_different_articles_have_different_ids():
    addresses = [
        "https://example.kz/?id=1",
        "https://example.kz/?id=2",
        "https://example.kz/1",
        "https://ru.example.kz/1",
    ]
    assert len({article_id_of(address) for address in addresses}) == 4


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("/news/1", "https://example.kz/news/1"),
        ("2.html", "https://example.kz/rss/2.html"),
        ("//cdn.example.kz/x", "https://cdn.example.kz/x"),
        ("http://other.kz/", "http://other.kz/"),
        ("mailto:a@b.kz", None),
        ("http://[bad", None),
        ("", None),
        (None, None),
    ],
)
def test_links_are_made_absolute(link, absolute):
    assert absolute_url("https://example.kz/rss/feed.xml", link) == absolute


def test_a_site_is_its_registered_domain():
    assert are_same_site("https://www.example.kz/a", "https://kaz.example.kz/b")
    assert not are_same_site("https://example.kz/a", "https://example.uz/a")
    assert not are_same_site("https://saryarqa.example/a", "https://tulpar.example/a")
    assert are_same_site("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/b")
