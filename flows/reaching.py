"""The way to the outlets that settings describe: how they are asked, and over what, the network or a recording.

Called by runs (`context`) and by probes, which ask without a run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flows.settings import Settings
from sources.client import FetchOptions, Transport


def fetch_options(settings: Settings) -> FetchOptions:
    """Return the settings of the fetch section, as the sources take them; a recording needs no pauses."""
    options = settings.fetch.model_dump()
    return FetchOptions(**options | ({"host_spacing_seconds": 0.0} if settings.recording else {}))


def transport_for(settings: Settings, clock: Callable[[], datetime]) -> Transport:
    """Return the way to the outlets: the recording where one is set, else the network."""
    options = fetch_options(settings)
    if settings.recording is not None:
        from sources.replay import ReplayTransport

        return ReplayTransport(settings.recording, clock, options)
    from sources.network import NetworkTransport

    return NetworkTransport(options)
