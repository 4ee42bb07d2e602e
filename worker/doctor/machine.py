"""This machine: the data folder, the room on its disk, the clock."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from worker.doctor.diagnosis import Diagnosis
from worker.settings import Settings

SCARCE = 1 << 30  # bytes left from which on somebody should look
FULL = 100 << 20
SKEW_S = 30.0  # Market says until when a limit lasts by its own clock

DATA, DISK, CLOCK = "data folder", "disk", "clock"


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Look at the data folder, its disk and the clock."""
    folder = _first_that_is_there(settings.data_dir.absolute())
    if os.access(folder, os.W_OK | os.X_OK) and folder.is_dir():
        yield Diagnosis.ok(DATA, f"{settings.data_dir.absolute()} can be written")
    else:
        remedy = "give this user the right to, or set CHATWARDEN_DATA_DIR to another folder"
        yield Diagnosis.wrong(DATA, f"{folder} cannot be written", remedy)
    yield _disk(folder)
    yield _clock(str(settings.market_url), settings.market_timeout_s)


def _first_that_is_there(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _disk(folder: Path) -> Diagnosis:
    free = shutil.disk_usage(folder).free
    said = f"{free / (1 << 30):.1f} GiB free where {folder} is"
    if free < FULL:
        return Diagnosis.wrong(DISK, said, "make room: nothing can be recorded soon")
    if free < SCARCE:
        return Diagnosis.warning(DISK, said, "make room, or move data_dir to a larger disk")
    return Diagnosis.ok(DISK, said)


def _clock(market_url: str, timeout_s: float) -> Diagnosis:
    """Hold the clock against the date in Market's answer; no key is sent for that."""
    host = urlsplit(market_url).hostname
    try:
        began = datetime.now(UTC)
        answer = httpx.get(market_url, timeout=timeout_s, trust_env=market_url.startswith("https"))
        now = began + (datetime.now(UTC) - began) / 2
        skew_s = (now - parsedate_to_datetime(answer.headers["date"])).total_seconds()
    except httpx.HTTPError as error:
        remedy = "see that this machine reaches it: name server, firewall, proxy, market_url"
        return Diagnosis.wrong(CLOCK, f"{host} does not answer ({type(error).__name__})", remedy)
    except (KeyError, ValueError):
        return Diagnosis.warning(CLOCK, f"{host} tells no date", "see by hand that this machine's clock is right")
    if abs(skew_s) > SKEW_S:
        ahead = "ahead of" if skew_s > 0 else "behind"
        remedy = "let it be set by itself: timedatectl set-ntp true"
        return Diagnosis.wrong(CLOCK, f"the clock is {abs(skew_s):.0f} s {ahead} Market's", remedy)
    return Diagnosis.ok(CLOCK, f"within {SKEW_S:.0f} s of Market's")
