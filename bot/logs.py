"""How the program logs: structlog for ours, and the libraries' own loggers joined in."""

import logging
import sys

import structlog

QUIET = ("aiohttp.access", "alembic", "apscheduler", "slack_bolt", "slack_sdk")
"""Libraries that tell what people sent, or too much; their warnings still come through."""


def set_up(level: str) -> None:
    """Log to standard error from `level` on: readable on a terminal, JSON lines elsewhere."""
    number = logging.getLevelName(level)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last())
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _last() -> list[structlog.typing.Processor]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if sys.stderr.isatty():
        plain = structlog.dev.plain_traceback  # others print local variables: tokens, typed words
        return [strip, structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    trace = structlog.processors.format_exc_info
    return [strip, trace, structlog.processors.JSONRenderer(default=str)]
