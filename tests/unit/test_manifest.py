"""manifest.yml makes a working app: Slack's own schema holds, and it asks for what we need."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot import doctor
from handlers.context import Context
from handlers.router import Router
from handlers.subjects import SUBJECTS

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests" / "data" / "slack_manifest_schema" / "manifest.schema.1.0.0.json"


@pytest.fixture(scope="module")
def manifest() -> Any:
    """The manifest as data."""
    return yaml.safe_load((ROOT / "manifest.yml").read_text())


def _errors(manifest: Any) -> list[str]:
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


def test_slacks_schema_accepts_it(manifest: Any) -> None:
    assert _errors(manifest) == []


def test_slacks_schema_accepts_what_the_comments_say_for_http() -> None:
    text = (ROOT / "manifest.yml").read_text()
    text = re.sub(r"# HTTP: (\w+: http)", r"\1", text)
    text = text.replace("socket_mode_enabled: true # HTTP: false", "socket_mode_enabled: false")
    manifest = yaml.safe_load(text)
    assert _errors(manifest) == []
    assert manifest["settings"]["interactivity"]["request_url"].endswith("/slack/events")
    assert manifest["features"]["slash_commands"][0]["url"].endswith("/slack/events")


def test_slacks_schema_is_able_to_refuse() -> None:
    assert _errors({"display_information": {"name": "x" * 40}}) != []


def test_people_can_write_and_read_where_check_ins_arrive(manifest: Any) -> None:
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["settings"]["socket_mode_enabled"] is True


def test_it_asks_for_no_more_than_the_code_needs(manifest: Any) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert set(scopes) == {*doctor.REQUIRED, *doctor.OPTIONAL}
    assert not any(scope.endswith(":history") or "email" in scope for scope in scopes)
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_what_is_worth_adding_is_left_to_the_reader() -> None:
    text = (ROOT / "manifest.yml").read_text()
    added = re.sub(r"# - (\S+:write\S*)", r"- \1", text)
    assert _errors(yaml.safe_load(added)) == []
    more = set(yaml.safe_load(added)["oauth_config"]["scopes"]["bot"])
    worth_it = {"chat:write.public", doctor.PICTURES, doctor.GROUPS}
    assert more - {*doctor.REQUIRED, *doctor.OPTIONAL} == worth_it


def test_it_subscribes_to_exactly_what_is_handled(manifest: Any) -> None:
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert events == doctor.EVENTS == set(_router()._events)


def test_the_usage_hint_names_every_subcommand(manifest: Any) -> None:
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == doctor.COMMAND
    hinted = set(re.findall(r"\w+", command["usage_hint"]))
    assert hinted == set(_router()._commands) - {"", "help"}


def _router() -> Router:
    nothing: Any = None
    router = Router(Context(nothing, nothing, nothing))
    for subject in SUBJECTS:
        subject.register(router)
    return router


def test_the_doctor_agrees() -> None:
    assert doctor.manifest().state == "ok"


def test_the_doctor_notices_a_changed_manifest(tmp_path: Path) -> None:
    changed = (ROOT / "manifest.yml").read_text().replace("- users:read", "- users:read.email")
    (tmp_path / "manifest.yml").write_text(changed)
    finding = doctor.manifest(tmp_path / "manifest.yml")
    assert finding.is_broken
    assert "lacks users:read; has too much: users:read.email" in finding.words
