"""Looking up in Slack whom an owner picked; all of it happens after the ack."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.domain.channels import UserGroup
from bot.domain.drafts import Members, Picks
from bot.domain.initiatives import LARGEST
from bot.domain.people import Profile
from bot.errors import BuyinError, SlackFailure, SlackMissingAbility
from bot.gateway import Gateway

log = structlog.get_logger()

FRESH = timedelta(minutes=10)
"""How long the list of user groups is taken as it is."""

ONE_BY_ONE = 20
"""More unknown people than that are looked up by reading the whole directory, if there is one."""


class UserGroups:
    """The user groups of each workspace, read ahead so that a form need not wait for Slack."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[datetime, list[UserGroup]]] = {}

    def known(self, workspace_id: int) -> list[UserGroup]:
        """Return what was read last; nothing if the workspace has none, or cannot tell."""
        return self._known.get(workspace_id, (None, []))[1]

    async def refresh(self, gateway: Gateway, workspace_id: int, now: datetime) -> None:
        """Read the groups, unless that was done a few minutes ago."""
        read_at = self._known[workspace_id][0] if workspace_id in self._known else None
        if read_at and now - read_at < FRESH:
            return
        try:
            groups = await gateway.usergroups()
        except SlackMissingAbility:  # the gateway said so in the log
            groups = []
        except BuyinError as error:
            log.warning("user_groups_unread", error=str(error))
            return
        self._known[workspace_id] = (now, groups)


async def members_of(gateway: Gateway, picks: Picks) -> Members:
    """Return who is in the picks, as far as Slack tells."""
    found: dict[str, None] = {}
    unreadable: list[str] = []
    failed = 0
    for channel in picks.channels:
        try:
            found |= dict.fromkeys(await gateway.channel_members(channel))
        except SlackMissingAbility:  # an invitation would not help
            failed += 1
        except SlackFailure:
            unreadable.append(channel)
        except BuyinError:
            failed += 1
    for group in picks.groups:
        try:
            found |= dict.fromkeys(await gateway.usergroup_members(group))
        except BuyinError:
            failed += 1
    return Members(picks.people, tuple(found), tuple(unreadable), failed)


async def profiles_of(gateway: Gateway, slack_user_ids: Sequence[str]) -> list[Profile]:
    """Return what Slack knows about these people; who cannot be read is left out."""
    wanted = dict.fromkeys(slack_user_ids)
    found: list[Profile] = []
    most = ONE_BY_ONE
    if len(wanted) > ONE_BY_ONE:
        listed = await _from_directory(gateway, wanted)
        found, most = (listed, most) if listed else ([], LARGEST)
    rest = [one for one in wanted if one not in {profile.slack_user_id for profile in found}]
    for slack_user_id in rest[:most]:
        try:
            found.append(await gateway.user(slack_user_id))
        except BuyinError as error:
            log.info("person_unread", user=slack_user_id, error=str(error))
    return found


async def _from_directory(gateway: Gateway, wanted: dict[str, None]) -> list[Profile]:
    try:
        return [one async for one in gateway.users() if one.slack_user_id in wanted]
    except BuyinError as error:
        log.warning("directory_unread", error=str(error))
        return []
