"""The unit of docs/engineer.md as systemd reads it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.compose import BIN, ROOT


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd is installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    [unit] = re.findall(r"```ini\n(.*?)```", (ROOT / "docs" / "engineer.md").read_text(), re.DOTALL)
    file = tmp_path / "chatwarden.service"
    file.write_text(unit.replace("/opt/chatwarden/bin", str(BIN)))
    said = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")
