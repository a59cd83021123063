"""Addresses that lead to one article: which are folded, which are kept apart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from transforms.aliases import Told, fold_articles, ids_of
from transforms.records import Article, ArticleAlias, DateBasis, digest
from transforms.urls import article_id_of

TEXT = "The orchestra of the pedagogical college played in the square until rain drove the audience home."
OTHER = "Customs officers found forty parrots in a lorry that was loaded with onions and had no papers at all."
PAGE, SHORT, AMP = "https://ulak.example/news/1", "https://ulak.example/s/1", "https://ulak.example/amp-news?id=1"


def article(
    url: str, canonical: str = PAGE, text: str = TEXT, title: str = "Orchestra", outlet: str = "ulak"
) -> Article:
    article_id, text_digest = article_id_of(url), digest(text)
    return Article(
        article_id, digest(article_id, text_digest), outlet, digest(url), url, canonical, title, text, None,
        DateBasis.NONE, None, None, "en", text_digest, len(text), datetime(2025, 9, 16, tzinfo=UTC),
    )  # fmt: skip


def told(url: str, text: str = TEXT, title: str = "Orchestra") -> dict[str, Told]:
    return {article_id_of(url): Told(article_id_of(url), "ulak", title, text)}


SITUATIONS = {
    "an article at its own address": ([article(PAGE)], {}, [PAGE], []),
    "an address that names another one": ([article(SHORT)], {}, [SHORT], [(PAGE, SHORT)]),
    "the short link after the page": ([article(PAGE), article(SHORT)], {}, [PAGE, PAGE], [(SHORT, PAGE)]),
    "the page after the short link": ([article(SHORT), article(PAGE)], {}, [SHORT, SHORT], [(PAGE, SHORT)]),
    "two further addresses, and never the page": (
        [article(SHORT), article(AMP)], {}, [SHORT, SHORT], [(PAGE, SHORT), (AMP, SHORT)],
    ),
    "the page is stored already": ([article(SHORT)], told(PAGE), [PAGE], [(SHORT, PAGE)]),
    "a shorter AMP text with another title": (
        [article(AMP, text=TEXT[:60], title="Orchestra | AMP")], told(PAGE), [PAGE], [(AMP, PAGE)],
    ),
    "corrected since, under the same title": ([article(SHORT, text=OTHER)], told(PAGE), [PAGE], [(SHORT, PAGE)]),
    "another text that names the same address": (
        [article(SHORT, text=OTHER, title="Parrots")], told(PAGE), [SHORT], [],
    ),
    "of another outlet": ([article(SHORT, outlet="elsewhere")], told(PAGE), [SHORT], []),
    "both stored before: each keeps its id": ([article(SHORT)], told(PAGE) | told(SHORT), [SHORT], []),
}  # fmt: skip


@pytest.mark.parametrize(("readings", "held", "owners", "aliases"), SITUATIONS.values(), ids=SITUATIONS.keys())
def test_folding(readings, held, owners, aliases) -> None:
    folded = fold_articles(readings, held, {})
    assert [one.article_id for one in folded.articles] == [article_id_of(url) for url in owners]
    found = {(alias.article_id, alias.canonical_article_id) for alias in folded.aliases}
    assert found == {(article_id_of(one), article_id_of(other)) for one, other in aliases}
    for one in folded.articles:
        assert one.revision_id == digest(one.article_id, one.text_digest)


def test_a_known_alias_leads_to_its_article() -> None:
    folded = fold_articles([article(AMP, canonical=AMP)], told(SHORT), {article_id_of(AMP): article_id_of(SHORT)})
    assert [one.article_id for one in folded.articles] == [article_id_of(SHORT)]
    assert folded.aliases == ()


def test_an_address_that_another_text_holds_is_not_believed() -> None:
    (other,) = fold_articles([article(SHORT, text=OTHER, title="Parrots")], told(PAGE), {}).articles
    assert other.canonical_url == SHORT


def test_an_alias_names_the_page_that_said_so() -> None:
    reading = article(SHORT)
    assert fold_articles([reading], {}, {}).aliases == (
        ArticleAlias(article_id_of(PAGE), reading.article_id, reading.capture_id),
    )


def test_folding_twice_is_folding_once() -> None:
    once = fold_articles([article(PAGE), article(SHORT)], {}, {})
    names = {alias.article_id: alias.canonical_article_id for alias in once.aliases}
    again = fold_articles([replace(article(PAGE)), article(SHORT)], told(PAGE), names)
    assert again.articles == once.articles
    assert again.aliases == ()


def test_what_is_asked_of_the_store() -> None:
    assert ids_of([article(SHORT)]) == sorted({article_id_of(SHORT), article_id_of(PAGE)})
