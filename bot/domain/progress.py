"""Progress: what an owner tells the team, and what people read of it later."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.commitments import Commitment, Ending
from bot.domain.figures import Part
from bot.domain.initiatives import Initiative
from bot.domain.inputs import Input, Outcome
from bot.domain.milestones import Decided, Reason
from bot.domain.people import Person
from bot.domain.words import first_line

EVERY = timedelta(days=14)
"""After so long without a post the owner is offered to write one."""

LONGEST = {"moved": 1000, "changed": 1000, "next": 500}
"""How many characters each part takes at most, by form field."""

LINE = 200
"""How many characters of a text a check-in repeats."""


class PostKind(StrEnum):
    """A post, or the word that there is nothing new."""

    POST = "post"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Written:
    """The parts of a post, as typed."""

    moved: str = ""
    changed: str = ""
    next: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post, previewed (`posted_at` is None) or posted."""

    id: int
    initiative: Initiative
    author: Person
    written: Written
    posted_at: datetime | None = None
    part: Part | None = None
    """How many took part in the last round, if everyone may know it."""


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post that is not in the channel; `reason` is Slack's code, "" if we are not inside."""

    post: Post
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PostForm:
    """What the owner fills in: what they had written before, if anything."""

    initiative: Initiative
    written: Written


@dataclass(frozen=True, slots=True)
class News:
    """What happened in an initiative since somebody was asked last, newest first."""

    posts: tuple[Written, ...] = ()
    replies: tuple[Input, ...] = ()
    steps: tuple[Commitment, ...] = ()
    milestone: str = ""
    milestone_was: date | None = None
    milestone_on: date | None = None
    reason: Reason | None = None
    """Why that date was moved or kept."""
    unspoken: tuple[Commitment, ...] = ()
    """What owners promised, whose day passed without a word."""


OUTCOMES = {
    Outcome.USED: "it's being used",
    Outcome.PARTLY: "it's being used in part",
    Outcome.NOT_USED: "not now",
}
ENDINGS = {
    Ending.KEPT: "It's done.",
    Ending.PARTLY: "It's partly done.",
    Ending.NOT_KEPT: "It didn't happen.",
    Ending.MISSED: "Its day passed without a word.",
}


def lines(news: News) -> tuple[str, ...]:
    """Return what a check-in says happened since, one sentence or two a line."""
    return (
        *(line for post in news.posts for line in _of_post(post)),
        *(_of_reply(told) for told in news.replies if told.reply),
        *(_of_step(step) for step in news.steps if step.ending),
        *(_of_unspoken(step) for step in news.unspoken),
        *_of_milestone(news),
    )


def _of_post(post: Written) -> list[str]:
    parts = (post.changed, post.moved)
    return [first_line(words, LINE) for words in parts if words]


def _of_reply(told: Input) -> str:
    assert told.reply  # noqa: S101 - `lines` leaves the others out
    because = first_line(told.reply.words, LINE)
    outcome = OUTCOMES[told.reply.outcome]
    return f"You said: “{first_line(told.words, 80)}”: {outcome}{because and f'. “{because}”'}"


def _of_step(step: Commitment) -> str:
    ending = f"New date: {_day(step.due_on)}."
    if step.ending:
        ending = ENDINGS.get(step.ending, ending)
    return f"{_promised(step)}. {ending}"


def _of_unspoken(step: Commitment) -> str:
    return f"{_promised(step)} by {_day(step.due_on)}. No word on it yet."


def _promised(step: Commitment) -> str:
    words = first_line(step.words, LINE).removesuffix(".")  # the sentence goes on outside
    return f"{step.person.name} said: “{words}”"


def _of_milestone(news: News) -> tuple[str, ...]:
    what = first_line(news.milestone, 80) or "The next milestone"
    if not news.milestone_on:
        return ()
    if news.milestone_was == news.milestone_on:
        kept = news.reason is not None and news.reason.decided is Decided.KEPT
        return (f"{what} stays on {_day(news.milestone_on)}{_why(news)}",) if kept else ()
    if not news.milestone_was:
        return (f"{what}: now planned for {_day(news.milestone_on)}{_why(news)}",)
    moved = f"{what} moved from {_day(news.milestone_was)} to {_day(news.milestone_on)}"
    return (f"{moved}{_why(news)}",)


def _why(news: News) -> str:
    return f": “{first_line(news.reason.words, LINE)}”" if news.reason else ""


def _day(moment: date) -> str:
    return f"{moment.day} {moment:%B}"
