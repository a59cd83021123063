"""What all tests share: hypothesis without deadlines, the composed region, one Prefect server for all flow tests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
REGION = ROOT / "examples" / "region"

settings.register_profile("monitor", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("monitor")


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The composed region as a recording."""
    from examples.region.compose import compose

    target = tmp_path_factory.mktemp("recording")
    compose(target)
    return target


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Make a home folder with the demonstration's settings at each call."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("home")
        for name in ("monitor", "outlets", "organisations", "series"):
            shutil.copy(REGION / f"{name}.toml", folder)
        return folder

    return make


@pytest.fixture
def home(new_home: Callable[[], Path]) -> Path:
    """A home folder with the demonstration's settings."""
    return new_home()


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a temporary Prefect server; this process and its children use it."""
    from flows.settings import prepare_prefect

    prepare_prefect(tmp_path_factory.mktemp("prefect"))
    from prefect.settings import get_current_settings
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=90):
        address = str(get_current_settings().api.url)
        os.environ["PREFECT_API_URL"] = address
        yield address
        del os.environ["PREFECT_API_URL"]


Monitor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def monitor() -> Monitor:
    """Run the `monitor` command in a process of its own; `code` is the exit code that is expected, if any is."""

    def run(*words: str | Path, code: int | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flows.cli", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code if code is not None else done.returncode in (0, 1), done.stdout + done.stderr
        return done

    return run
