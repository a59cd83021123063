"""Loading pages: read the articles (in processes that can be killed), judge, code, judge the events, store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from expectations.judge import Judgement, judge
from flows.context import RunContext
from flows.page_memory import page_state
from flows.progress import current
from flows.reading import read_pages
from flows.tally import count_loaded
from transforms.aliases import Folded, Told, fold_articles, ids_of
from transforms.coding import code_article
from transforms.event_frames import report_frame
from transforms.frames import frame_of
from transforms.records import Article, ArticleText, Capture, CodedArticle, Outcome
from warehouse import read, store
from warehouse.batches import ArticleBatch


def load_pages(context: RunContext, captures: Sequence[Capture], progress: Mapping[str, int]) -> None:
    """Store these captures of pages, the articles that pass, what the coder says of them, and the pages' states."""
    wanted = {page.entry.article_id: page for page in read.pages_wanted(context.warehouse, context.clock())}
    readings = read_pages(context, captures, wanted)
    folded = _fold(context, [reading for reading in readings if isinstance(reading, Article)])
    articles = folded.articles
    judged = judge("articles", frame_of(articles, Article))
    passed = set(judged.accepted["revision_id"])
    distinct = {article.revision_id: article for article in articles if article.revision_id in passed}
    coded = code_articles(context, list(distinct.values()))
    reports = judge("event_reports", report_frame(coded))
    batch = ArticleBatch(
        night=date.fromisoformat(context.night),
        captures=captures,
        outcomes=_outcomes(captures, readings),
        articles=judged.accepted,
        coded=[result for _, result in coded],
        reports=reports.accepted,
        pages=[page_state(*pair, wanted) for pair in zip(captures, readings, strict=True)],
        aliases=folded.aliases,
        rejections=(*judged.rejections, *reports.rejections),
        validations=(*judged.validations, *reports.validations),
        progress=progress,
    )
    store.store_article_batch(context.warehouse, batch)
    count_loaded(context, captures, batch.outcomes)
    _count(context, judged, reports)


def code_articles(context: RunContext, articles: Sequence[Article]) -> list[tuple[Article, CodedArticle]]:
    """Return each article with what the coder says of it."""
    with current().stage("code", len(articles)) as advance:
        results = []
        for article in articles:
            results.append((article, code_article(text_of(article, context), context.codebook)))
            advance()
    return results


def text_of(article: Article, context: RunContext) -> ArticleText:
    """Return an article as the coder takes it."""
    outlet = context.outlet_of[article.outlet_id]
    return ArticleText(
        id=article.article_id,
        title=article.title,
        text=article.text,
        published_at=article.published_at,
        url=article.canonical_url,
        outlet=outlet.outlet_id,
        outlet_country=outlet.country,
        language=article.language,
        time_zone=outlet.time_zone,
    )


def _fold(context: RunContext, articles: Sequence[Article]) -> Folded:
    """Return the readings with each article under one id, whichever address it was fetched from."""
    rows = read.articles_told(context.warehouse, ids_of(articles))
    told = [(row.pop("alias"), Told(**row)) for row in rows]
    names = {alias: article.article_id for alias, article in told if alias != article.article_id}
    return fold_articles(articles, {article.article_id: article for _, article in told}, names)


def _outcomes(captures: Sequence[Capture], readings: Sequence[Article | Outcome]) -> dict[str, Outcome]:
    """Return the outcomes that reading the page changed, by capture."""
    return {
        capture.capture_id: reading
        for capture, reading in zip(captures, readings, strict=True)
        if isinstance(reading, Outcome)
    }


def _count(context: RunContext, articles: Judgement, reports: Judgement) -> None:
    """Count what came in and what did not."""
    for judgement, name in ((articles, "articles"), (reports, "event_reports")):
        context.count(name, len(judgement.accepted))
        context.count("rejects", len({rejection.row_id for rejection in judgement.rejections}))
