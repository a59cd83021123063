"""Settings: file, environment and flags in this order; what is wrong is told with its place."""

from pathlib import Path

import pytest

from codebook.files import FileError
from flows.settings import Settings, SettingsError, home_folder, load_settings, prepare_prefect


def home_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "monitor.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == Settings(home=tmp_path)


def test_flags_go_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    home = home_with(tmp_path, 'time_zone = "Asia/Bishkek"\n[run]\nprocesses = 3\noutlets_per_task = 4\n')
    environment = {"MONITOR_TIME_ZONE": "Asia/Tashkent", "MONITOR_RUN__PROCESSES": "5"}
    settings = load_settings(home, environment, time_zone="Asia/Dushanbe")
    assert (settings.time_zone, settings.run.processes, settings.run.outlets_per_task) == ("Asia/Dushanbe", 5, 4)


def test_ports_in_the_environment_are_a_list(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"MONITOR_FETCH__ALLOWED_PORTS": "80, 443,8000"})
    assert settings.fetch.allowed_ports == (80, 443, 8000)


def test_relative_paths_are_taken_from_the_home_folder(tmp_path: Path) -> None:
    home = home_with(tmp_path, 'catalogue = "mine.toml"\n[codebook]\nextra_organisations = "more/o.toml"\n')
    settings = load_settings(home, {})
    assert settings.catalogue == home / "mine.toml"
    assert settings.codebook.extra_organisations == home / "more/o.toml"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('time_zone = "Asia/Almaty"\n[fetch]\nhost_spacing = 3\n', 3, "fetch.host_spacing"),
        ("[fetch]\n\nhost_spacing_seconds = -1\n", 3, "fetch.host_spacing_seconds"),
        ('time_zone = "Almaty"\n', 1, "time_zone"),
        ('[schedule]\nweekly_day = "Monday"\n', 2, "schedule.weekly_day"),
        ('[schedule]\nnightly_at = "25:00"\n', 2, "schedule.nightly_at"),
        ('[fetch]\nuser_agent = "Mozilla/5.0 (X11; Linux x86_64)"\n', 2, "fetch.user_agent"),
        ('[fetch]\nuser_agent = "Монитор"\n', 2, "fetch.user_agent"),
        ("[fetch]\nallowed_ports = [80, 0]\n", 2, "fetch.allowed_ports.1"),
        ("[run\n", 1, "syntax"),
    ],
)
def test_a_wrong_file_is_told_with_line_and_key(tmp_path: Path, text: str, line: int, key: str) -> None:
    with pytest.raises(FileError) as caught:
        load_settings(home_with(tmp_path, text), {})
    assert (caught.value.line, caught.value.key) == (line, key)
    assert caught.value.cure


@pytest.mark.parametrize(
    ("name", "value"),
    [("MONITOR_FETCH__MAX_REDIRECTS", "many"), ("MONITOR_FECTH__MAX_REDIRECTS", "3"), ("MONITOR_RUN__PROCESSES", "0")],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings(tmp_path, {name: value})


def test_the_home_folder_is_the_flag_or_the_variable_or_data(tmp_path: Path) -> None:
    assert home_folder(tmp_path, {"MONITOR_HOME": "/elsewhere"}) == tmp_path
    assert home_folder(None, {"MONITOR_HOME": "/elsewhere"}) == Path("/elsewhere")
    assert home_folder(None, {}) == Path.cwd() / "data"


def test_what_the_operator_set_for_prefect_stays(tmp_path: Path) -> None:
    environment = {"PREFECT_HOME": "/srv/prefect"}
    prepare_prefect(tmp_path, environment)
    assert environment["PREFECT_HOME"] == "/srv/prefect"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
