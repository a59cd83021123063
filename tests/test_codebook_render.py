"""The codebook's page says what the data say, and the documentation is not stale."""

from pathlib import Path

from codebook.load import load_codebook
from codebook.render import PAGE, codebook_page

ROOT = Path(__file__).parent.parent


def test_the_page_defines_every_type_status_and_role() -> None:
    codebook = load_codebook()
    page = codebook_page(codebook)
    for entry in (*codebook.types, *codebook.statuses, *codebook.roles):
        assert f"`{entry.id}`" in page
        assert entry.definition in page


def test_the_documentation_is_not_stale() -> None:
    stored = (ROOT / PAGE).read_text(encoding="utf-8")
    assert stored == codebook_page(load_codebook()), "renew it: .venv/bin/python -m codebook.render"
