"""Which installation a payload comes from, also in an organisation with several workspaces."""

from typing import Any

import pytest

from handlers.payloads import Origin, origin_of, parse_event

PLAIN = Origin("", "T1", "A1")
IN_ORG = Origin("E1", "T1", "A1")
WHOLE_ORG = Origin("E1", "", "A1")


@pytest.mark.parametrize(
    ("body", "origin"),
    [
        ({"team_id": "T1", "is_enterprise_install": "false"}, PLAIN),
        ({"team": {"id": "T1"}, "enterprise": None, "user": {"team_id": "T1"}}, PLAIN),
        ({"team": {"id": "T1", "enterprise_id": "E1"}, "user": {"team_id": "T2"}}, IN_ORG),
        ({"team": {"id": "T1"}, "enterprise": {"id": "E1"}}, IN_ORG),
        ({"team": {"id": "T2"}, "view": {"app_installed_team_id": "T1"}}, PLAIN),
        ({"team": None, "enterprise": None, "user": {"id": "U1", "team_id": "T1"}}, PLAIN),
        ({"team_id": "T2", "authorizations": [{"enterprise_id": None, "team_id": "T1"}]}, PLAIN),
        ({"team_id": "T1", "event": {"user": "U1"}, "authorizations": []}, PLAIN),
        (
            {
                "team": None,
                "enterprise": {"id": "E1"},
                "is_enterprise_install": True,
                "user": {"id": "U1", "team_id": "T2"},
            },
            WHOLE_ORG,
        ),
        ({"team_id": "T2", "enterprise_id": "E1", "is_enterprise_install": "true"}, WHOLE_ORG),
        (
            {
                "team_id": "T2",
                "authorizations": [
                    {"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}
                ],
            },
            WHOLE_ORG,
        ),
        ({}, Origin("", "", "A1")),
    ],
)
def test_the_installation_is_told_apart_from_whose_team_somebody_is_in(
    body: dict[str, Any], origin: Origin
) -> None:
    assert origin_of({"api_app_id": "A1", **body}) == origin


@pytest.mark.parametrize(("sent", "key"), [({"event_id": "Ev1"}, "event:Ev1"), ({}, "")])
def test_an_event_without_an_id_is_taken_too(sent: dict[str, Any], key: str) -> None:
    event = parse_event({"event": {"type": "user_change"}, **sent}, 1)
    assert (event.type, event.key) == ("user_change", key)
