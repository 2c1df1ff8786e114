"""Settings: every mistake at once, each with its mend, and no secret ever shown."""

import re
from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigurationError

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-secret-1",
    "SLACK_APP_TOKEN": "xapp-secret-2",
    "SLACK_SIGNING_SECRET": "secret-3",
}


def _problems(environment: dict[str, str], mode: config.Mode = "socket") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        config.read(environment, mode)
    return caught.value.problems


def test_three_tokens_are_enough() -> None:
    settings = config.read(GOOD)
    assert settings.api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///buyin.db"
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 3000, "INFO")


def test_everything_can_be_set() -> None:
    settings = config.read(
        {
            **GOOD,
            "SLACK_API_URL": "http://127.0.0.1:9/api",
            "DATABASE_URL": " postgresql://buyin@db/buyin ",
            "HOST": "0.0.0.0",
            "PORT": "8080",
            "LOG_LEVEL": "debug",
        },
        "http",
    )
    assert settings.api_url == "http://127.0.0.1:9/api/"
    assert settings.database_url == "postgresql://buyin@db/buyin"
    assert (settings.port, settings.log_level, settings.mode) == (8080, "DEBUG", "http")


def test_every_mistake_is_named_at_once_with_its_mend() -> None:
    problems = _problems(
        {
            "SLACK_BOT_TOKEN": "xapp-1",
            "PORT": "many",
            "LOG_LEVEL": "LOUD",
            "DATABASE_URL": "mysql:x",
        }
    )
    assert [problem.split()[0] for problem in problems] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DATABASE_URL",
        "PORT",
        "LOG_LEVEL",
    ]
    assert all(": " in problem and problem.endswith(".") for problem in problems)


def test_a_missing_token_says_where_to_get_it() -> None:
    (problem,) = _problems({**GOOD, "SLACK_APP_TOKEN": ""})
    assert problem == (
        "SLACK_APP_TOKEN is missing: create one under Basic Information → App-Level Tokens "
        "with connections:write."
    )


@pytest.mark.parametrize("value", ["xoxp-1", "xapp-1", "secret"])
def test_another_kind_of_token_is_noticed(value: str) -> None:
    (problem,) = _problems({**GOOD, "SLACK_BOT_TOKEN": value})
    assert "does not start with xoxb-" in problem
    assert value not in problem.replace("xoxb-", "")


def test_each_mode_asks_only_for_what_it_needs() -> None:
    assert config.read({**GOOD, "SLACK_SIGNING_SECRET": ""}, "socket").mode == "socket"
    assert config.read({**GOOD, "SLACK_APP_TOKEN": ""}, "http").mode == "http"
    (problem,) = _problems({**GOOD, "SLACK_SIGNING_SECRET": ""}, "http")
    assert problem.startswith("SLACK_SIGNING_SECRET is missing")


@pytest.mark.parametrize("url", ["slack.com/api", "ftp://slack.com", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    (problem,) = _problems({**GOOD, "SLACK_API_URL": url})
    assert problem.startswith("SLACK_API_URL is not a web address")


@pytest.mark.parametrize("port", ["-1", "65536", "٣", "3000.0"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    (problem,) = _problems({**GOOD, "PORT": port})
    assert problem.startswith("PORT is not a number")


def test_secrets_never_show() -> None:
    settings = config.read({**GOOD, "DATABASE_URL": "postgresql://me:secret-4@db/buyin"})
    assert "secret" not in repr(settings)


def test_the_example_file_explains_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    others = {"SLACK_API_URL", "DATABASE_URL", "HOST", "PORT", "LOG_LEVEL"}
    assert named == {*GOOD, *others, "PERSON_ESTIMATES", "HOLIDAYS", "SECRET_KEY", "PUBLIC_URL"}
    unfilled = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert len(_problems(unfilled)) == 2


@pytest.mark.parametrize(
    ("value", "on"), [("", True), ("on", True), ("Off", False), (" ON ", True)]
)
def test_estimates_are_switched_on_or_off(value: str, on: bool) -> None:
    assert config.read({**GOOD, "PERSON_ESTIMATES": value}).person_estimates is on


@pytest.mark.parametrize("value", ["no", "0", "false", "true"])
def test_a_switch_that_is_neither_on_nor_off_is_not_guessed(value: str) -> None:
    (problem,) = _problems({**GOOD, "PERSON_ESTIMATES": value})
    assert problem == "PERSON_ESTIMATES is neither on nor off: leave it out to have them on."


def test_a_key_of_ones_own_is_long() -> None:
    (problem,) = _problems({**GOOD, "SECRET_KEY": "short"})
    assert problem.startswith("SECRET_KEY is shorter than 24 characters")
    assert config.read(GOOD).secret_key == GOOD["SLACK_BOT_TOKEN"]


@pytest.mark.parametrize(
    "url", ["http://buyin.example", "buyin.example", "https://", "https://[::1"]
)
def test_the_public_address_is_one_for_browsers(url: str) -> None:
    (problem,) = _problems({**GOOD, "PUBLIC_URL": url})
    assert problem.startswith("PUBLIC_URL is no https address")
    fine = config.read({**GOOD, "PUBLIC_URL": "https://buyin.example/"})
    assert fine.public_url == "https://buyin.example"
