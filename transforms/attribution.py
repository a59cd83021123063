"""Which parts of a text speak of the newsroom rather than of the news: datelines, credits, "Kazinform reports".

`struck_spans` returns spans in which an organisation is no party and a date no date of the event. It removes nothing
from the text; the coding modules leave out what lies in these spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from transforms.hits import Hit, spans_overlap
from transforms.sentences import Sentence

Span = tuple[int, int]

# As in: Bishkek, (APP - UrduPoint - 17th Apr, 2025) … BISHKEK, Sep 18 (Tulpar) - … ASTANA – … …9月17日电 …
_DATELINES = (
    re.compile(r"\s*(?:date\s+)?\d{4}-\d\d-\d\d\b[\s,.:–—-]*(?:[^\W\d_]{3,20}\s+[–—-]\s)?"),
    re.compile(r"\s*[^\W\d_][^\n()]{0,45}\([^()\n]{2,90}\)\s*(?:[.,:]?\s*[–—-]+|[.:])\s*"),
    re.compile(r"\s*[^\W\d_][^\n().]{0,45}\([^()\n]*\d[^()\n]*\)\s*"),
    re.compile(r"\s*[^\W\d_][^\n–—.!?()«\"]{1,40}\s(?:[–—]{1,2}|-{1,2})\s"),
    re.compile(r"\s*[^\W\d_][^\n–—.!?()«\"]{1,40}\.\s*[^\W\d_][^\n–—.!?()«\"]{1,30}(?:\.\w{2,4})?\s*[–—-]{1,2}\s"),
    re.compile(r"\s*[^\W\d_][\w-]{1,30}\.(?:com|kg|kz|uz|tj|tm|ru|az|tr)\b\s*[–—-]{1,2}\s", re.IGNORECASE),
    re.compile(r"[^\n]{0,30}\d{1,2}[:.]\d\d[^\n]{0,60}\n"),
    re.compile(r"\s*[^\W\d_][^\n–—.!?()«\"]{1,40}\s[–—-]\s[^\n–—.!?()«\"]{2,20}(?:\.\w{2,4})?\.\s"),
    re.compile(r"\s*[^\W\d_][^\n!?()«\"]{1,45}[./]\s*/[^/\n]{2,40}/\.?\s*[–—-]?\s*"),
    re.compile(r"\s*[（(【][^\n（）()【】]{2,40}(?:讯|訊|电|電|报道|報導)[^\n（）()【】]{0,20}[）)】]"),
    re.compile(r"\s*(?:本报|本報|本台|本网|本網|[^\n，。]{2,14}[社网網])[^\n，。]{0,14}[电電讯訊][\s）)】]+"),
    re.compile(r"\s*[(（【]?[^\n，。]{0,30}\d{1,2}月\d{1,2}日\s*[电電讯訊][)）】]?[^\n，。]{0,12}?(?=\s|[^\W\d_])"),
)
_SHORT_WORDS = 4
_CREDITING = frozenset({"attribution", "told"})
_GAP_WORDS = 2
# What may stand between an organisation and the verb that credits it: "reports the press service of the agency X".
_BETWEEN = frozenset({"media_actor", "press_service", "media_people", "told", "attribution", "media_topic", "office"})


def struck_spans(text: str, sentences: Sequence[Sentence], hits: Sequence[Hit]) -> list[Span]:
    """Return the spans that credit somebody or name where and when it was written; a title has no dateline."""
    is_title = bool(sentences) and sentences[0].field == "title"
    return [*([] if is_title else _dateline(text, sentences, hits)), *_credits(text, sentences, hits)]


def _dateline(text: str, sentences: Sequence[Sentence], hits: Sequence[Hit]) -> list[Span]:
    """Return the dateline at the head of the text, where there is one, in one piece or as very short sentences."""
    spans = []
    for pattern in _DATELINES:
        if (found := pattern.match(text)) and _is_dateline(text, found.span(), hits):
            spans.append(found.span())
            break
    for sentence in sentences[:4]:
        is_short = _word_count(text[sentence.start : sentence.end]) <= _SHORT_WORDS
        is_begun = bool(spans) and _names_only_newsroom(sentence.start, sentence.end, hits)
        if not is_short or not (is_begun or _names_place_or_day(sentence.start, sentence.end, hits)):
            break
        spans.append((sentence.start, sentence.end))
    return spans


def _word_count(text: str) -> int:
    """Return the number of words; each Chinese character is one."""
    return len(re.findall(r"[\u4e00-\u9fff]|[^\W_]+", text))


def _names_only_newsroom(start: int, end: int, hits: Sequence[Hit]) -> bool:
    """Say whether a span names an organisation and no act: the agency's name after place and day."""
    inside = [hit for hit in hits if start <= hit.start and hit.end <= end]
    plain = {"media_actor", "media_topic", "media_people"}
    is_plain = all(hit.kind == "organisation" or hit.key in plain for hit in inside)
    return is_plain and any(hit.kind == "organisation" for hit in inside)


def _is_dateline(text: str, span: Span, hits: Sequence[Hit]) -> bool:
    """Say whether the head of a text is a dateline: a place, a word in capitals or a day, and no act."""
    head = text[span[0] : span[1]]
    first = re.match(r"\W*(\w+)", head)
    is_loud = bool(first and len(first.group(1)) > 2 and first.group(1).isupper())
    acts = {"sign", "hold", "document", "exchange", "joint", "open", "join"}
    has_act = any(hit.key in acts for hit in hits if span[0] <= hit.start and hit.end <= span[1])
    if has_act or _joins_two(text, span, hits):
        return False
    return is_loud or _names_place_or_day(*span, hits) or "date" in head[:8]


def _joins_two(text: str, span: Span, hits: Sequence[Hit]) -> bool:
    """Say whether the dash at the end of a head stands between two countries: "… the Kazakhstan – Russia forum"."""
    before = len(text[: span[1]].rstrip(" –—-"))
    places = [hit for hit in hits if hit.kind == "place"]
    return any(hit.end == before for hit in places) and any(hit.start == span[1] for hit in places)


def _names_place_or_day(start: int, end: int, hits: Sequence[Hit]) -> bool:
    """Say whether a place or a month is named in a span."""
    return any(start <= h.start and h.end <= end and (h.kind == "place" or h.key == "month") for h in hits)


def _credits(text: str, sentences: Sequence[Sentence], hits: Sequence[Hit]) -> list[Span]:
    """Return the spans of names and head nouns ("the agency") that a sentence only credits."""
    spans = []
    starts = [hit.start for hit in hits]
    for sentence in sentences:
        reach = hits[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        inside = [hit for hit in reach if hit.end <= sentence.end]
        names = [hit for hit in inside if hit.kind == "organisation" or hit.key == "media_actor"]
        verbs = [hit for hit in inside if hit.key in _CREDITING and not any(_lies_in(hit, name) for name in names)]
        spans += [(o.start, o.end) for o in names if any(_is_credit(text, o, verb, inside) for verb in verbs)]
    return spans


def _lies_in(hit: Hit, name: Hit) -> bool:
    """Say whether a hit is part of a name: 讯 in 通讯社, "хабар" in the name of an agency."""
    return name.start <= hit.start and hit.end <= name.end


def _is_credit(text: str, organisation: Hit, verb: Hit, inside: Sequence[Hit]) -> bool:
    """Say whether hardly a word stands between an organisation and a verb such as "reports"."""
    left, right = sorted((organisation, verb), key=lambda hit: hit.start)
    between = [hit for hit in inside if spans_overlap((hit.start, hit.end), (left.end, right.start))]
    gap = text[left.end : right.start]
    for hit in between:
        if hit.key in _BETWEEN or hit.kind in {"organisation", "place"}:
            start, end = max(hit.start, left.end) - left.end, min(hit.end, right.start) - left.end
            gap = gap[:start] + " " * (end - start) + gap[end:]
    foreign = [hit for hit in between if hit.kind == "concept" and hit.key in {"document", "sign", "forum", "joint"}]
    limit = _GAP_WORDS if not re.search(r"[\u4e00-\u9fff]", gap) else _GAP_WORDS * 2
    return not foreign and not set(gap) & set(".,，。") and _word_count(gap) <= limit
