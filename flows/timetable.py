"""When each flow is due, by the settings: the last time it should have started, and the next.

Pure: the moment is an argument. The same settings give Prefect its cron lines.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.settings import ScheduleSettings

FlowName = Literal["nightly", "weekly", "poll"]
FLOWS: tuple[FlowName, ...] = ("nightly", "weekly", "poll")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def next_due(flow: FlowName, schedule: ScheduleSettings, zone: ZoneInfo, moment: datetime) -> datetime:
    """Return the first time after the moment at which the flow is due, in the zone."""
    return _due_after(flow, schedule, moment.astimezone(zone))


def last_due(flow: FlowName, schedule: ScheduleSettings, zone: ZoneInfo, moment: datetime) -> datetime:
    """Return the last time not after the moment at which the flow was due, in the zone."""
    due = _due_after(flow, schedule, moment.astimezone(zone) - timedelta(days=8))
    while (following := _due_after(flow, schedule, due)) <= moment:
        due = following
    return due


def cron_of(flow: FlowName, schedule: ScheduleSettings) -> str:
    """Return the flow's cron line, to be read in the report's time zone."""
    if flow == "poll":
        return f"30 */{schedule.poll_hours} * * *" if schedule.poll_hours > 1 else "30 * * * *"
    clock = _clock(schedule.nightly_at if flow == "nightly" else schedule.weekly_at)
    day = (_WEEKDAYS.index(schedule.weekly_day) + 1) % 7 if flow == "weekly" else "*"
    return f"{clock.minute} {clock.hour} * * {day}"


def _due_after(flow: FlowName, schedule: ScheduleSettings, moment: datetime) -> datetime:
    """Return the first due time after a local moment."""
    if flow == "poll":
        return _poll_after(schedule, moment)
    clock = _clock(schedule.nightly_at if flow == "nightly" else schedule.weekly_at)
    due = moment.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    if due <= moment:
        due += timedelta(days=1)
    while flow == "weekly" and due.weekday() != _WEEKDAYS.index(schedule.weekly_day):
        due += timedelta(days=1)
    return due


def _poll_after(schedule: ScheduleSettings, moment: datetime) -> datetime:
    """Return the next poll after a local moment: at half past, so that it stays clear of the nightly run."""
    due = moment.replace(minute=30, second=0, microsecond=0)
    while due <= moment or due.hour % schedule.poll_hours:
        due += timedelta(hours=1)
    return due


def _clock(text: str) -> time:
    """Return the time of day that HH:MM names."""
    return time.fromisoformat(text)
