"""Progress: the owner's posts to the team, and what people read of them later."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.calendars import local_date
from bot.domain.commitments import Commitment
from bot.domain.initiatives import Initiative, Status
from bot.domain.inputs import Input
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send, Verdict
from bot.domain.people import Actor, Person
from bot.domain.progress import (
    EVERY,
    LONGEST,
    News,
    Post,
    PostForm,
    WaitingPost,
    Written,
    lines,
)
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import commitments as promises
from bot.services import figures, initiatives
from storage import audit, commitments, inputs, outbox, pacing, plans, progress, received
from storage.database import Tx

SENT_AGAIN = timedelta(days=1)
"""The same words within so much time are the same post: a form that was sent twice."""

POSTS_SHOWN = 2
"""How many posts a check-in looks back on at most."""

STALE = "That preview is out of date, so nothing was posted. `/buyin post` has your newest words."
NOT_RUNNING = "Only a running initiative has news to post. Nothing was posted."
NO_CHANGE = "Write what changed because of people. “Nothing yet, because …” is an answer."


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> PostForm:
    """Return what the owner who acts fills in, with what they wrote but did not post.

    Raises:
        Refused: if the actor does not lead the initiative or it is not running.
    """
    initiative, owner = _led(tx, actor, initiative_id, now)
    return PostForm(initiative, progress.draft_of(tx, owner.id, initiative_id))


def form_for(tx: Tx, actor: Actor, words: str, now: datetime) -> PostForm:
    """Return the form for `/buyin post words`; `words` may name the initiative.

    Raises:
        Refused: if it is not clear which, or the actor leads none.
    """
    initiative = initiatives.choose_led(tx, actor, words, now)
    return form(tx, actor, initiative.id, now)


def preview(tx: Tx, actor: Actor, initiative_id: int, written: Written, now: datetime) -> Post:
    """Keep what an owner wrote as a draft and return the post it would be.

    Raises:
        Refused: if the actor does not lead the initiative or it is not running.
        FieldErrors: if what changed is missing or a part is too long.
    """
    initiative, owner = _led(tx, actor, initiative_id, now)
    kept = _checked(written, local_date(now, owner.tz))
    draft_id = progress.written_already(tx, owner.id, initiative_id, kept, now - SENT_AGAIN)
    if draft_id is None:
        draft_id = progress.save_draft(tx, owner, initiative_id, kept, now)
    return Post(draft_id, initiative, owner, kept, part=figures.public_part(tx, initiative.id))


def edit(tx: Tx, actor: Actor, post_id: int, now: datetime) -> PostForm:
    """Return the form with the actor's own draft in it.

    Raises:
        Refused: if it was posted or replaced, or is not theirs.
    """
    row = progress.get(tx, post_id)
    if row is None or row.posted_at or row.author.slack_user_id != actor.slack_user_id:
        raise Refused(STALE)
    initiative, _ = _led(tx, actor, row.initiative_id, now)
    return PostForm(initiative, row.written)


def post(tx: Tx, actor: Actor, post_id: int, now: datetime) -> Post:
    """Post the draft that was previewed; once posted, again changes nothing.

    Raises:
        Refused: if newer words replaced it, it is not the actor's, or the initiative ended.
    """
    row = progress.get(tx, post_id)
    if row is None or row.author.slack_user_id != actor.slack_user_id:
        raise Refused(STALE)
    initiative, owner = _led(tx, actor, row.initiative_id, now)
    if row.posted_at:
        return Post(row.id, initiative, owner, row.written, row.posted_at)
    if not progress.mark_posted(tx, post_id, now):
        raise Refused(STALE)
    if row.written.next and row.written.next_on:
        promised = (row.written.next, row.written.next_on)
        promises.promised_in_post(tx, owner, initiative.id, *promised, now)
    if initiative.channel_id:
        outbox.queue(tx, [_to_channel(initiative, initiative.channel_id, post_id, now)], now)
    pacing.wake_owed(tx, initiative.id, now)
    pacing.wake_attended(tx, initiative.id, now)
    who = actor.slack_user_id
    audit.record(tx, actor.workspace_id, who, "progress.posted", "progress_post", post_id, now)
    return Post(row.id, initiative, owner, row.written, now)


def nothing_new(tx: Tx, actor: Actor, initiative_id: int, key: str, now: datetime) -> Initiative:
    """Record that there is nothing new this time; the same `key` again records nothing.

    Raises:
        Refused: if the actor does not lead the initiative or it is not running.
    """
    initiative, owner = _led(tx, actor, initiative_id, now)
    fresh = received.first_time(tx, actor.workspace_id, key, now)
    if fresh and overdue(tx, initiative_id, now):
        post_id = progress.add_nothing_new(tx, owner, initiative_id, now)
        who = actor.slack_user_id
        what = "progress.nothing_new"
        audit.record(tx, actor.workspace_id, who, what, "progress_post", post_id, now)
    return initiative


def overdue(tx: Tx, initiative_id: int, now: datetime) -> bool:
    """Return whether a running initiative has had no word from its owners for two weeks."""
    initiative = initiatives.load(tx, initiative_id)
    if initiative.status is not Status.RUNNING or initiative.started_at is None:
        return False
    last = progress.last_word(tx, initiative_id) or initiative.started_at
    return now - last >= EVERY


def since(
    tx: Tx, initiative_id: int, person_id: int, after: datetime | None, now: datetime
) -> tuple[str, ...]:
    """Return what happened since `after` for the person's next check-in, a sentence or two a line.

    `after` is when they were asked last; None, before the first time, returns nothing. Lines
    hold typed text, not escaped.
    """
    if after is None:
        return ()
    return news(tx, initiatives.load(tx, initiative_id), person_id, after, now)


def news(
    tx: Tx, initiative: Initiative, person_id: int, after: datetime, now: datetime | None = None
) -> tuple[str, ...]:
    """Return the same as `since` where the initiative has been read already.

    Without `now` nothing is told of what owners promised and did not speak of.
    """
    told = inputs.of_giver(tx, person_id, initiative.id)
    replies = [one for one in told if _new(one, after)]
    promised = commitments.of_owner(tx, initiative.id)
    steps = [step for step in promised if _ended(step, after)]
    asked, today = local_date(after, initiative.tz), now and local_date(now, initiative.tz)
    silent = [step for step in promised if today and step.is_unspoken(asked, today)]
    plan = initiative.plan
    was = plan.milestone_on
    if plan.number > 1:
        was = progress.milestone_at(tx, initiative.id, after)
    return lines(
        News(
            posts=tuple(progress.since(tx, initiative.id, person_id, after, POSTS_SHOWN)),
            replies=tuple(replies),
            steps=tuple(steps),
            unspoken=tuple(silent),
            milestone=plan.milestone,
            milestone_was=was,
            milestone_on=plan.milestone_on,
            reason=plans.reason(tx, initiative.id, after) if plan.milestone_on else None,
        )
    )


def wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether a post is still there to be sent."""
    row = progress.get(tx, claimed.subject_id)
    return Send() if row and row.posted_at else Drop("gone")


def load(tx: Tx, post_id: int, now: datetime) -> Post:
    """Return a post as the channel reads it, or as its author is told that it waits.

    Raises:
        Refused: if it is not there any more.
    """
    row = progress.get(tx, post_id)
    if row is None:
        raise Refused(STALE)
    initiative = initiatives.load(tx, row.initiative_id)
    part = figures.public_part(tx, initiative.id)
    return Post(row.id, initiative, row.author, row.written, row.posted_at, part)


def waiting(tx: Tx, claimed: Claimed, now: datetime) -> WaitingPost:
    """Return what the author of a post reads about why it is not in the channel.

    Raises:
        Refused: if the post is not there any more.
    """
    return WaitingPost(load(tx, claimed.subject_id, now), claimed.slot)


def _led(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> tuple[Initiative, Person]:
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    by_slack_id = {owner.slack_user_id: owner for owner in initiative.owners}
    return initiative, by_slack_id[actor.slack_user_id]


def _checked(written: Written, today: date) -> Written:
    kept = replace(
        written,
        moved=cleaned(written.moved),
        changed=cleaned(written.changed),
        next=cleaned(written.next),
    )
    errors = {
        name: f"Please keep it to {limit:,} characters."
        for name, limit in LONGEST.items()
        if len(getattr(kept, name)) > limit
    }
    if not kept.changed:
        errors["changed"] = NO_CHANGE
    if kept.next and kept.next_on and kept.next_on < today:
        errors["next_on"] = promises.PAST
    if errors:
        raise FieldErrors(errors)
    return kept


def _to_channel(initiative: Initiative, channel: str, post_id: int, now: datetime) -> Decision:
    return Decision(
        workspace_id=initiative.workspace_id,
        kind=Kind.PROGRESS_POST,
        subject_id=post_id,
        recipient=channel,
        not_before=now,
        initiative_id=initiative.id,
    )


def _new(told: Input, after: datetime) -> bool:
    return told.reply is not None and told.reply.replied_at > after


def _ended(step: Commitment, after: datetime) -> bool:
    return step.told_at is not None and step.told_at > after
