"""Calendar files of talks, to people: as a link where one can be reached, else as a file in Slack.

A link holds the whole talk, encrypted, so that it needs no table; it ends a week after the talk.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.meetings import Meeting
from bot.errors import BuyinError, Refused
from bot.gateway import Gateway
from bot.seal import LINKS, Seal, SealBroken
from bot.views import invites as views
from bot.views.kit import Message

log = structlog.get_logger()

PATH = "/talks/{token}.ics"
KEPT = timedelta(days=7)
"""How long after a talk its link still works."""

LONGEST = 3000
"""Characters that Slack takes in a link."""

GONE = "This link has expired. /buyin in Slack shows what is still ahead.\n"
MOMENTS = ("starts_at", "ends_at", "changed_at")


@dataclass(frozen=True, slots=True)
class Invites:
    """Hands out calendar files.

    Args:
        seal: encrypts and signs links.
        public_url: the address under which people's browsers reach this app, "" if they don't.
    """

    seal: Seal = field(default_factory=Seal)
    public_url: str = ""

    def url(self, meeting: Meeting) -> str | None:
        """Return a link to the file, or None if nobody could follow it."""
        if not self.public_url:
            return None
        held = asdict(meeting) | {name: getattr(meeting, name).isoformat() for name in MOMENTS}
        written = json.dumps(held, separators=(",", ":"), ensure_ascii=False)
        url = self.public_url + PATH.format(token=self.seal.close(written, LINKS))
        return url if len(url) <= LONGEST else None

    def opened(self, token: str, now: datetime) -> bytes:
        """Return the file that a link leads to.

        Raises:
            Refused: if the link is over or nobody here made it.
        """
        try:
            held = json.loads(self.seal.open(token, LINKS))
        except SealBroken:
            raise Refused(GONE) from None
        held |= {name: datetime.fromisoformat(held[name]) for name in MOMENTS}
        meeting = Meeting(**held | {"attendees": tuple(held["attendees"])})
        if now > meeting.ends_at + KEPT:
            raise Refused(GONE)
        return views.ics(meeting)

    def linked(self, message: Message) -> Message:
        """Return the message with a link to the file of its talk, where there is one."""
        url = self.url(message.meeting) if message.meeting else None
        if message.meeting is None or url is None:
            return message
        return replace(message, blocks=(*message.blocks, views.file_row(url, message.meeting)))

    async def share(self, gateway: Gateway, channel: str, meeting: Meeting) -> bool:
        """Put the file into a conversation, where no link leads to it; return whether it is there.

        Where Slack takes no files from us, the links to Google and Outlook must do.
        """
        if self.public_url or not gateway.can_upload:
            return False
        try:
            content, words = views.ics(meeting), views.file_words(meeting)
            await gateway.share(views.FILE_NAME, content, channel, words)
        except BuyinError as error:
            log.warning("calendar_file_left_out", reason=type(error).__name__)
            return False
        return True
