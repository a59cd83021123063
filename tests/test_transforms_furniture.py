"""What is taken off a page around the article, and what stays."""

import pytest
from lxml import html

from transforms.furniture import clear, without_frame

ARTICLE = "<p>The agencies exchanged their first reports on Monday, and the editors met again in the evening.</p>"


def cleared(block: str) -> str:
    tree = html.fromstring(f"<article>{ARTICLE}{block}{ARTICLE}</article>")
    clear(tree)
    return str(tree.text_content())


@pytest.mark.parametrize(
    "block",
    [
        '<p><strong>Read also:</strong> <a href="/x">News agencies of the region discuss exchange</a></p>',
        '<div class="q"><b>Читайте также</b><br><a href="/x">Тепло пришло в 83% домов Екатеринбурга</a></div>',
        '<aside><a href="/x">中亚五国新闻机构负责人在撒马尔罕会面</a></aside>',
        '<div>All stories in your inbox <input type="email"><input type="submit"></div>',
        '<section><p>Enter your address.</p><form><input name="q"></form></section>',
    ],
)
def test_teasers_and_boxes_go(block: str) -> None:
    assert cleared(block) == cleared("")


@pytest.mark.parametrize(
    "block",
    [
        '<p>The memorandum was signed by <a href="/t">Tulpar News Agency</a>.</p>',
        '<p><a href="/t">Saryarqa</a> and <a href="/u">Tulpar</a> signed it in Bishkek on Thursday.</p>',
        '<p>As <a href="/x">the two agencies announced on Monday evening</a>, the document runs for three years.</p>',
        "<p>Write to us.</p>",
    ],
)
def test_sentences_with_links_stay(block: str) -> None:
    assert cleared(block) != cleared("")


def test_text_behind_a_teaser_stays_where_it_was() -> None:
    tree = html.fromstring(
        '<article>One.<p><a href="/x">Four words make one headline</a></p> Two.<br/> Three.</article>'
    )
    clear(tree)
    assert " ".join(str(tree.text_content()).split()) == "One. Two. Three."


def test_the_headline_is_not_the_first_paragraph() -> None:
    assert without_frame("«Тулпар» получил камеры!\nПервый абзац.", "«Тулпар» получил камеры") == "Первый абзац."
    assert without_frame("The title alone", "The title alone") == "The title alone"


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Share: Facebook | X | WhatsApp | Email", False),
        ("Поделиться: Telegram ВКонтакте Одноклассники", False),
        ("Facebook, Telegram and WhatsApp will open a joint office for news media of the region in Almaty.", True),
        ("He wrote on X and Telegram.", True),
    ],
)
def test_share_bars_go(line: str, stays: bool) -> None:
    assert (line in without_frame(f"First.\n{line}\nLast.", "Title")) is stays
