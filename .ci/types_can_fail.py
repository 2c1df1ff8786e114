"""Prove that the type check fails on a mistake, so that a pass means something."""

import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    wrong = Path(folder) / "wrong.py"
    wrong.write_text('from bot.views.kit import count\n\ncount("three", "person")\n')
    command = [sys.executable, "-m", "mypy", "--cache-dir", folder, str(wrong)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
if done.returncode != 1 or "incompatible type" not in done.stdout:
    sys.exit(f"mypy let a mistake through:\n{done.stdout}{done.stderr}")
print("mypy refused a wrong argument")
