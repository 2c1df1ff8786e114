"""The command line. Only here is `.env` read, and nothing heavy is imported before it is needed."""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any

import click
from dotenv import dotenv_values

from bot.errors import BuyinError, ConfigurationError

Mode = click.Choice(["socket", "http"])


class Commands(click.Group):
    """Ends with one clear sentence per mistake instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; 2 means that settings are wrong, 1 that something else is."""
        try:
            return super().invoke(ctx)
        except BuyinError as error:
            click.echo(str(error), err=True)
            ctx.exit(2 if isinstance(error, ConfigurationError) else 1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Buy-in: half-minute check-ins, honest digests and hard caps on messages, inside Slack.

    Settings come from the environment or from .env in this folder; see .env.example.
    """
    # Our matrices are small: further threads would only wait, and wear out a core by doing so.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@main.command()
@click.option("--mode", type=Mode, default="socket", show_default=True)
def run(mode: Any) -> None:
    """Run the app until SIGTERM. A brand-new SQLite database is created on the way."""
    from bot import app, config, logs

    settings = config.read(_environment(), mode)
    logs.set_up(settings.log_level)
    asyncio.run(app.run(settings))


@main.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    from bot import config
    from storage import migrate as migrations

    asyncio.run(migrations.upgrade(config.database_url(_environment())))
    click.echo("The database is up to date.")


@main.command()
def rebuild() -> None:
    """Make every estimate anew from answers and steps; the app may run meanwhile."""
    from bot import config
    from bot import rebuild as again

    done = asyncio.run(again.run(config.database_url(_environment())))
    click.echo(done.line())


@main.command()
@click.option("--user", required=True, metavar="U…", help="The person's member ID in Slack.")
@click.option("--days", type=click.IntRange(1, 180), default=60, show_default=True)
def plan(user: str, days: int) -> None:
    """Show what one person would get in the next days, when, and what not and why."""
    from bot import config, dry_run

    url = config.database_url(_environment())
    click.echo(asyncio.run(dry_run.run(url, user.strip(), days)))


@main.command()
@click.argument("given", nargs=-1, metavar="[NAME=VALUE]...")
def pacing(given: tuple[str, ...]) -> None:
    """Show how often people are written to, or be gentler: buyin pacing base_interval=21."""
    from bot import config, pace

    click.echo(asyncio.run(pace.run(config.database_url(_environment()), given)))


@main.command()
@click.option("--mode", type=Mode, default="socket", show_default=True)
@click.pass_context
def doctor(ctx: click.Context, mode: Any) -> None:
    """Check settings, tokens, scopes, database, clock and manifest, and say what to do."""
    from bot import doctor as examination

    findings = asyncio.run(examination.examine(_environment(), mode))
    for finding in findings:
        click.echo(finding.line())
    if any(finding.is_broken for finding in findings):
        ctx.exit(1)


@main.command()
@click.option("--once", is_flag=True, help="End after the month instead of staying up.")
def demo(once: bool) -> None:
    """Play a made-up month in moved time, and show what each person saw."""
    from bot import logs
    from bot.demo.run import run as play

    logs.set_up("ERROR")
    asyncio.run(play(once=once, has_screen=_has_screen()))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON.")
@click.option("--quick", is_flag=True, help="Fewer people and seeds: seconds, wider intervals.")
@click.option("--pacing", is_flag=True, help="Compare how often to ask, not how to estimate.")
@click.option("--steps", is_flag=True, help="Show what steps add to the estimate.")
def evaluate(as_json: bool, quick: bool, pacing: bool, steps: bool) -> None:
    """Compare the estimate with simpler rules in made-up worlds where the truth is known."""
    import json

    what = _pacing_evaluated if pacing else _steps_evaluated if steps else _estimate_evaluated
    text, figures = what(quick)
    click.echo(json.dumps(figures, indent=2) if as_json else text)


def _estimate_evaluated(quick: bool) -> tuple[str, dict[str, Any]]:
    from bot.evaluation import compare, report

    found = compare.compare(compare.QUICK if quick else compare.FULL)
    return report.table(found), report.figures(found)


def _pacing_evaluated(quick: bool) -> tuple[str, dict[str, Any]]:
    from bot.evaluation import pacing

    found = pacing.compare(pacing.QUICK if quick else pacing.FULL)
    return pacing.table(found), pacing.figures(found)


def _steps_evaluated(quick: bool) -> tuple[str, dict[str, Any]]:
    from bot.evaluation import compare, steps

    found = steps.compare(compare.QUICK if quick else compare.FULL)
    return steps.table(found), steps.figures(found)


def _has_screen() -> bool:
    """Return whether a browser could open a window here."""
    windows = sys.platform in ("darwin", "win32")
    return windows or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _environment() -> Mapping[str, str]:
    from_file = {name: value or "" for name, value in dotenv_values(".env").items()}
    return {**from_file, **os.environ}


if __name__ == "__main__":
    main(prog_name="buyin")
