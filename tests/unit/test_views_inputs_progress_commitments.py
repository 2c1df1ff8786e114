"""What people see of inputs, progress posts and the owner's step."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.commitments import Commitment, DueStep, Ending
from bot.domain.figures import Part
from bot.domain.initiatives import Initiative, Plan, Status, Visibility
from bot.domain.inputs import About, Input, OpenInput, Outcome, Replied, Reply, ReplyTold, TellForm
from bot.domain.people import Person
from bot.domain.progress import News, Post, PostForm, WaitingPost, Written, lines
from bot.views import commitments, inputs, progress
from bot.views.kit import Message, Modal
from tests.golden import assert_golden, forbidden_words

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
SAM = Person(2, 1, "USAM", "Sam Sample", "Europe/Berlin")
LABELS = Initiative(
    id=7,
    workspace_id=1,
    name="Shelf labels",
    tz="Europe/Berlin",
    visibility=Visibility.NAMED,
    status=Status.RUNNING,
    channel_id="C0SHELVES",
    first_date=date(2025, 3, 4),
    cycle_days=14,
    plan=Plan(1, 1, "Labels fall off.", "Less searching."),
    owners=(DANA,),
    revision=1,
    created_at=NOW,
)
MEAN = "<!channel> <@U1> *bold* & `x`\nمرحبا 🙂"
HUGE = "<&>*_" * 600
TOLD = Input(5, 1, 7, SAM, True, "Too few labels", NOW)
USED, BECAUSE = Reply(1, Outcome.USED, "", NOW), Reply(2, Outcome.NOT_USED, "No budget", NOW)
WRONG = OpenInput(5, 7, "", SAM, About.STANDING)
NEWS = Written("Shelf 1 is done", "Two more people, because you said so", "Shelf 2")
POST = Post(9, LABELS, DANA, replace(NEWS, next_on=date(2025, 3, 14)), NOW, Part(14, 23))
STEP = DueStep(LABELS, Commitment(4, 1, 7, DANA, "Free two people", date(2025, 3, 7)))
MEAN_LABELS = replace(LABELS, name=MEAN * 5, owners=(replace(DANA, name=MEAN * 3),))
MEAN_POST = replace(
    POST,
    initiative=MEAN_LABELS,
    written=Written("<&>*_" * 200, "<&>*_" * 200, "<&>*_" * 100),
)
MEAN_STEP = DueStep(MEAN_LABELS, replace(STEP.commitment, words="<&>*_\n" * 50, moved=True))


def told(reply: Reply, *, named: bool = True, words: str = "Too few labels") -> ReplyTold:
    """A reply to Sam."""
    return ReplyTold(LABELS, words, named, reply, DANA)


VIEWS: dict[str, Message | Modal] = {
    "input_form": inputs.tell_form(TellForm(LABELS, True, False)),
    "input_form_nameless_first": inputs.tell_form(TellForm(LABELS, True, True)),
    "input_form_few_people": inputs.tell_form(TellForm(LABELS, False, False)),
    "input_wrong_form": inputs.wrong_form(TellForm(LABELS, True, False, 3)),
    "input_wrong_form_few_people": inputs.wrong_form(TellForm(MEAN_LABELS, False, False, 3)),
    "input_wrong_reason_form": inputs.reason_form(WRONG),
    "input_wrong_reply": inputs.reply_message(replace(told(USED), about=About.STANDING)),
    "input_wrong_reply_no_words": inputs.reply_message(
        replace(told(BECAUSE, named=False, words=""), about=About.STANDING)
    ),
    "input_told": inputs.told(LABELS, named=True),
    "input_told_nameless": inputs.told(LABELS, named=False),
    "input_whole": inputs.whole(OpenInput(5, 7, HUGE)),
    "input_reason_form": inputs.reason_form(OpenInput(5, 7, MEAN, SAM)),
    "input_words_form": inputs.words_form(OpenInput(5, 7, MEAN), Outcome.PARTLY),
    "input_replied": inputs.replied(Replied(5, USED, NOW, changed=True)),
    "input_replied_again": inputs.replied(Replied(5, USED, NOW, changed=False)),
    "input_saved": inputs.saved(Replied(5, BECAUSE, NOW, changed=True)),
    "input_reply_used": inputs.reply_message(told(USED)),
    "input_reply_not_now": inputs.reply_message(told(BECAUSE, named=False)),
    "input_reply_mean": inputs.reply_message(told(replace(BECAUSE, words=HUGE), words=HUGE)),
    "progress_form": progress.form(PostForm(LABELS, POST.written)),
    "progress_form_no_channel": progress.form(
        PostForm(replace(LABELS, channel_id=None), Written())
    ),
    "progress_preview": progress.preview(POST),
    "progress_preview_mean": progress.preview(MEAN_POST),
    "progress_posted": progress.posted(POST),
    "progress_posted_no_channel": progress.posted(
        replace(POST, initiative=replace(LABELS, channel_id=None))
    ),
    "progress_post": progress.post_message(POST),
    "progress_post_least": progress.post_message(
        replace(POST, written=Written(changed="Nothing yet, because we waited"), part=None)
    ),
    "progress_post_mean": progress.post_message(MEAN_POST),
    "progress_waiting": progress.waiting_message(WaitingPost(POST)),
    **{
        f"progress_waiting_{reason}": progress.waiting_message(WaitingPost(POST, reason))
        for reason in (
            "gave_up",
            "is_archived",
            "missing_ability",
            "msg_too_long",
            "not_prepared_KeyError",
            "restricted_action_read_only_channel",
        )
    },
    "progress_nothing_new": progress.nothing_new(LABELS),
    "commitment_due": commitments.due_message(STEP),
    "commitment_due_late": commitments.due_message(replace(STEP, is_today=False)),
    "commitment_due_mean": commitments.due_message(MEAN_STEP),
    "commitment_date": commitments.date_form(STEP, "[4, null]"),
    **{
        f"commitment_{ending.value}": commitments.told_message(
            replace(STEP, commitment=replace(STEP.commitment, ending=ending))
        )
        for ending in Ending
    },
}

BLOCKS = {
    "input_blocks": inputs.input_blocks(
        [OpenInput(1, 7, MEAN, SAM), OpenInput(2, 7, HUGE), *[OpenInput(3, 7, "More")] * 3]
    ),
    "input_wrong_blocks": inputs.input_blocks(
        [WRONG, replace(WRONG, words=MEAN), replace(WRONG, giver=None)]
    ),
    "input_mine": inputs.mine(
        [TOLD, replace(TOLD, named=False, words=HUGE, reply=replace(BECAUSE, words=HUGE))]
    ),
    "progress_overdue": progress.overdue_blocks(LABELS),
    "commitment_fields": commitments.promise_fields(),
}


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_people_see(name: str) -> None:
    assert_golden(name, VIEWS[name])


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_parts_that_other_views_use(name: str) -> None:
    blocks = BLOCKS[name]
    form = any(block["type"] == "input" for block in blocks)
    view = Modal("x", "Part", blocks, submit="Go") if form else Message("The part alone", blocks)
    assert_golden(name, view)


@pytest.mark.parametrize("name", sorted(VIEWS | BLOCKS))
def test_typed_text_mentions_nobody(name: str) -> None:
    view = VIEWS.get(name)
    shown = list(view.blocks) if view else list(BLOCKS[name])
    texts = [view.text] if isinstance(view, Message) else []
    for text in texts + list(_mrkdwn(shown)):
        assert "<!" not in text
        assert "<@" not in text


def _mrkdwn(shown: object) -> list[str]:
    if isinstance(shown, list):
        return [text for one in shown for text in _mrkdwn(one)]
    if isinstance(shown, dict):
        if shown.get("type") == "mrkdwn":
            return [shown["text"]]
        return [text for one in shown.values() for text in _mrkdwn(one)]
    return []


def test_a_nameless_giver_is_in_no_view_of_the_owner() -> None:
    shown = str(inputs.input_blocks([OpenInput(5, 7, "Too few labels")]))
    assert "Somebody told you, without their name" in shown
    assert SAM.name not in repr(TOLD)


def test_the_line_of_a_step_names_who_what_and_when() -> None:
    line = commitments.promise_line(STEP.commitment)
    assert "Dana Demo" in line
    assert "Free two people" in line
    assert "Fri 7 March" in line


def test_news_is_told_in_words_for_people() -> None:
    ended = [replace(STEP.commitment, ending=ending, told_at=NOW) for ending in Ending]
    replied = [
        replace(TOLD, words=MEAN * 9, reply=replace(BECAUSE, outcome=outcome, words=MEAN * 99))
        for outcome in Outcome
    ]
    news = News(
        (NEWS, Written(changed="x" * 500)),
        tuple(replied),
        tuple(ended),
        "The go-live",
        None,
        date(2025, 5, 12),
    )
    said = lines(news)
    assert max(map(len, said)) <= 350
    assert not list(forbidden_words([{"text": line} for line in said]))
    assert said[-1] == "The go-live: now planned for 12 May"
