"""Measure and print, judge nothing: `python -m tests.benchmarks [tap|due|… ...] [--quick]`."""

import argparse
import asyncio
import os
import platform
import tempfile
import time
from pathlib import Path

from tests.benchmarks import digest, due, planning, postgres, rebuild, standing, start, tap

ALL = {
    "tap": tap.run,
    "due": due.run,
    "planning": planning.run,
    "start": start.run,
    "standing": standing.run,
    "digest": digest.run,
    "rebuild": rebuild.run,
}


def main() -> None:
    """Read the command line and run what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"any of {', '.join(ALL)}; all of them by default")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: rough numbers")
    options = parser.parse_args()
    unknown = set(options.what) - set(ALL)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    asyncio.run(_run(options.what or list(ALL), quick=options.quick))


async def _run(chosen: list[str], *, quick: bool) -> None:
    started = time.perf_counter()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; aims are not asserted.")
    print(
        f"Load before the start: {os.getloadavg()[0]:.1f} (times mean little unless it is near 0)"
    )
    with postgres.running() as server, tempfile.TemporaryDirectory(prefix="buyin-bench-") as place:
        for name in chosen:
            await ALL[name](server, Path(place), quick=quick)
    print(f"\nTook {time.perf_counter() - started:.0f} s.")


if __name__ == "__main__":
    main()
