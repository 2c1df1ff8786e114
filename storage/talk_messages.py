"""Messages about talks: where those stand in Slack that tell an earlier time."""

from sqlalchemy import and_, or_, select

from bot.domain.gives import GiveKind
from bot.domain.outbox import Kind
from storage import tables
from storage.database import Tx

OF_A_TIME = (Kind.TALK_CARD, Kind.TALK_REMINDER)
"""What tells a time from the start; its slot says which one."""

INVITATIONS = (GiveKind.TALK_OFFER, GiveKind.SESSION)
"""What turns into a card once its reader agrees."""


def of_earlier(tx: Tx, talk_id: int, person_id: int, slot: str) -> list[tuple[str, str]]:
    """Return (channel id, ts) of the messages to somebody about a talk, oldest first.

    Not of those that tell the time of `slot`, nor of what is in doubt.
    """
    nudge, sent, give = tables.Nudge, tables.Outbox, tables.Give
    invited = select(give.id).where(
        give.subject_id == talk_id,
        give.person_id == person_id,
        give.kind.in_([kind.value for kind in INVITATIONS]),
    )
    about = or_(
        and_(
            sent.kind.in_([kind.value for kind in OF_A_TIME]),
            sent.subject_id == talk_id,
            sent.slot != slot,
        ),
        and_(sent.kind == Kind.TALK_OFFER.value, sent.subject_id == talk_id),
        and_(sent.kind == Kind.GIVE.value, sent.subject_id.in_(invited)),
    )
    statement = (
        select(nudge.channel_id, nudge.ts)
        .join(sent, sent.id == nudge.outbox_id)
        .where(nudge.person_id == person_id, about)
        .order_by(nudge.id)
    )
    return [(row.channel_id, row.ts) for row in tx.execute(statement)]
