"""What the warehouse knows of outlets and organisations, brought up to date before a run works."""

from __future__ import annotations

import pandas as pd

from codebook.load import Codebook
from flows.context import RunContext
from transforms.frames import frame_of
from transforms.records import Feed, Outlet
from warehouse import store


def store_reference(context: RunContext) -> None:
    """Store the catalogue and the gazetteer as they are now."""
    feeds = [feed for outlet in context.outlets for feed in outlet.feeds]
    store.store_catalogue(context.warehouse, frame_of(context.outlets, Outlet), frame_of(feeds, Feed))
    store.store_organisations(context.warehouse, organisation_frame(context.codebook))


def organisation_frame(codebook: Codebook) -> pd.DataFrame:
    """Return the gazetteer with the columns of core.organisations."""
    names = ["name", "kind", "country", "owner", "wikidata", "known_by"]
    rows = [(row.id, *(getattr(row, name) for name in names)) for row in codebook.organisations.values()]
    return pd.DataFrame(rows, columns=["organisation_id", *names], dtype="str")
