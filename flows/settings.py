"""The settings of a home folder: `monitor.toml`, then the environment, then flags; and Prefect's environment.

Nothing is read at import. Every command and flow builds its settings once, by `load_settings`, and passes them down.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from codebook.files import FileError, read_toml
from sources.headers import DEFAULT_USER_AGENT
from sources.redirects import USUAL_PORTS

SETTINGS_FILE = "monitor.toml"
PREFIX = "MONITOR_"
DEFAULT_HOME = Path("data")


class SettingsError(Exception):
    """A setting from the environment or a flag is wrong; the text names it, the problem and the cure."""


def _known_zone(name: str) -> str:
    """Return the name of a time zone, or raise ValueError."""
    if name not in available_timezones():
        raise ValueError(f"“{name}” is no IANA time zone such as Asia/Almaty")
    return name


def _honest_agent(text: str) -> str:
    """Return a User-Agent that can stand in a header and disguises us as no browser, or raise ValueError."""
    if not (text.strip() and text.isascii() and text.isprintable()):
        raise ValueError("a User-Agent is one line of ASCII letters")
    if "mozilla" in text.lower():
        raise ValueError("say who you are and where to complain; outlets must not take you for a browser")
    return text


def _split_ports(value: object) -> object:
    """Return the ports that the environment gives as text ("80,443") as a list; anything else as it is."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


UserAgent = Annotated[str, AfterValidator(_honest_agent)]
Ports = Annotated[tuple[Annotated[int, Field(ge=1, le=65_535)], ...], BeforeValidator(_split_ports)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Zone = Annotated[str, AfterValidator(_known_zone)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class _Section(BaseModel):
    """A frozen table of settings that knows no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FetchSettings(_Section):
    """How outlets are reached."""

    user_agent: UserAgent = DEFAULT_USER_AGENT
    host_spacing_seconds: float = Field(5.0, ge=0)
    spacing_jitter_share: float = Field(0.2, ge=0, le=1)
    connect_timeout_seconds: float = Field(15.0, gt=0)
    total_timeout_seconds: float = Field(60.0, gt=0)
    max_feed_bytes: int = Field(5_000_000, gt=0)
    max_page_bytes: int = Field(5_000_000, gt=0)
    max_redirects: int = Field(5, ge=0)
    max_hosts_at_once: int = Field(32, gt=0)
    respect_robots: bool = True
    allowed_ports: Ports = USUAL_PORTS
    allow_nat64_addresses: bool = False
    allow_private_addresses: bool = False


class RunSettings(_Section):
    """How much a run takes on at once, and when it counts as failed."""

    outlets_per_task: int = Field(12, gt=0)
    captures_per_batch: int = Field(500, gt=0)
    pages_per_night: int = Field(6_000, gt=0)
    processes: int = Field(2, gt=0)
    page_deadline_seconds: float = Field(20.0, gt=0)
    failing_share: float = Field(0.5, gt=0, le=1)  # a run whose feeds fail in a larger share has failed itself
    lock_wait_seconds: float = Field(60.0, ge=0)
    scheduled_lock_wait_seconds: float = Field(21_600.0, ge=0)  # a night can take hours; the week must not be lost


class ScheduleSettings(_Section):
    """When `monitor serve` runs what, in the report's time zone."""

    nightly_at: Clock = "02:00"
    weekly_day: Weekday = "monday"
    weekly_at: Clock = "06:00"
    poll_hours: Literal[1, 2, 3, 4, 6, 8, 12] = 1  # divides the day; a feed is asked at most once an hour
    frozen_days: int = Field(30, ge=1)  # a feed whose newest item is older has been left behind, or its dates have


class HousekeepingSettings(_Section):
    """How much of the past is kept, and how much room a run asks for."""

    min_free_bytes: int = Field(2_000_000_000, ge=0)  # ten nights of captures, or one and what a large warehouse adds
    keep_captures_days: int | None = Field(None, ge=2)  # None: for ever; robots.txt of yesterday is still read
    keep_captures_bytes: int | None = Field(None, ge=0)  # None: without limit
    keep_prefect_days: int = Field(30, ge=1)
    keep_journal_days: int = Field(400, ge=14)  # the weekly flow's last run must be among them
    keep_journal_bytes: int = Field(10_000_000, ge=10_000)
    keep_quality_days: int = Field(400, ge=1)


class RepairSettings(_Section):
    """After what an edit of the catalogue is proposed; none is ever made."""

    moved_polls: int = Field(5, ge=1)  # so many answers in a row came from one other address, which we were sent to
    dead_days: int = Field(30, ge=1)  # so long only "not found" or no feed: feeds come back after weeks


class CodebookSettings(_Section):
    """What an operator adds to the codebook: files of the same form as the project's own."""

    extra_organisations: Path | None = None
    extra_series: Path | None = None


class Settings(_Section):
    """All settings of one home folder."""

    home: Path = DEFAULT_HOME
    time_zone: Zone = "Asia/Almaty"
    catalogue: Path | None = None
    recording: Path | None = None  # a recording to run on instead of the network
    fetch: FetchSettings = FetchSettings()
    run: RunSettings = RunSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    housekeeping: HousekeepingSettings = HousekeepingSettings()
    repair: RepairSettings = RepairSettings()
    codebook: CodebookSettings = CodebookSettings()

    @property
    def zone(self) -> ZoneInfo:
        """The report's time zone."""
        return ZoneInfo(self.time_zone)


def home_folder(flag: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the home folder: the flag, else MONITOR_HOME, else `./data`; absolute."""
    return (flag or Path(environment.get(PREFIX + "HOME") or DEFAULT_HOME)).expanduser().absolute()


def load_settings(
    home: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    **flags: Any,
) -> Settings:
    """Return the settings of a home folder.

    The environment names a key in capitals with two underscores between table and key
    (`MONITOR_FETCH__HOST_SPACING_SECONDS=10`); flags that are None do not count. Relative paths are taken from the home
    folder. Raises FileError for the file, SettingsError for the environment and the flags.
    """
    folder = home_folder(home, environment)
    file = folder / SETTINGS_FILE
    from_file = read_toml(file, Settings) if file.exists() else Settings()
    if "home" in from_file.model_fields_set:
        raise FileError(file, 1, "home", "a home folder cannot name itself", "Use --home or MONITOR_HOME.")
    merged = from_file.model_dump(exclude_unset=True)
    _merge(merged, _from_environment(environment))
    _merge(merged, {key: value for key, value in flags.items() if value is not None})
    try:
        settings = Settings.model_validate(merged | {"home": folder})
    except ValidationError as error:
        raise _settings_error(error) from None
    return _with_absolute_paths(settings)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that the environment names, as nested tables."""
    found: dict[str, Any] = {}
    for name, value in sorted(environment.items()):
        path = name.removeprefix(PREFIX).lower().split("__")
        if not name.startswith(PREFIX) or path == ["home"]:
            continue
        if path[0] not in Settings.model_fields:
            raise SettingsError(f"{name}: there is no such setting. Remove it, or correct its spelling.")
        _merge(found, {path[0]: value} if len(path) == 1 else {path[0]: {"__".join(path[1:]): value}})
    return found


def _merge(target: dict[str, Any], source: dict[str, Any]) -> None:
    """Lay one nested table over another, in place."""
    for key, value in source.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value


def _settings_error(error: ValidationError) -> SettingsError:
    """Turn pydantic's report on the environment or a flag into one sentence."""
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    names = f"{PREFIX}{'__'.join(path).upper()} (or the flag for {'.'.join(path)})"
    return SettingsError(f"{names}: {first['msg']}, not {first['input']!r}. Give a value that fits.")


def _with_absolute_paths(settings: Settings) -> Settings:
    """Return the settings with every relative path taken from the home folder."""
    home = settings.home
    extra = settings.codebook
    return settings.model_copy(
        update={
            "catalogue": _under(home, settings.catalogue),
            "recording": _under(home, settings.recording),
            "codebook": extra.model_copy(
                update={
                    "extra_organisations": _under(home, extra.extra_organisations),
                    "extra_series": _under(home, extra.extra_series),
                }
            ),
        }
    )


def _under(home: Path, path: Path | None) -> Path | None:
    """Return the path, taken from the home folder when it is relative."""
    return None if path is None else home / path.expanduser()


def prepare_prefect(
    home: Path, environment: dict[str, str] | os._Environ[str] = os.environ, log_level: str = "CRITICAL"
) -> None:
    """Set what Prefect reads from the environment at its import; what the operator has set stays.

    Quiet (no analytics, no promotion), patient with a temporary server's start, its files in the home folder. A command
    tells its failures itself, so Prefect logs only what is critical there.
    """
    defaults = {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # housekeeping deletes old runs through the API; their log lines only the server itself can
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",
        "PREFECT_LOGGING_LEVEL": log_level,
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }
    for name, value in defaults.items():
        environment.setdefault(name, value)
