"""What an owner sees from the first form to the start."""

from collections.abc import Sequence
from datetime import date

from bot.domain.channels import UserGroup
from bot.domain.drafts import (
    LONGEST,
    Draft,
    DraftSaved,
    Field,
    LeftOut,
    Problem,
    Reference,
    Skip,
    What,
    Who,
)
from bot.domain.initiatives import GROUP_MINIMUM, LARGEST, Initiative, Visibility
from bot.domain.introductions import PROMISE
from bot.views.ids import Act, Form
from bot.views.kit import (
    Block,
    Message,
    Modal,
    actions,
    bold,
    button,
    checkboxes,
    confirm,
    context,
    count,
    date_picker,
    day,
    divider,
    entry,
    listed,
    mention,
    option,
    plain,
    radio,
    said,
    section,
    shortened,
    text_box,
)
from bot.views.notices import NOTICE

CONTINUED = 3
"""How many unfinished drafts the first form offers to continue."""

GROUPS = 100
"""How many user groups a select may list."""

CHANGED = (
    "*This draft was changed in another window.* What you typed is still here; "
    "pressing the button again saves it over the other change."
)
NAMES = option("With names", "named", "You see who answered what. Everyone asked is told so.")
TOTALS = option("Group figures", "group", f"Only totals of at least {GROUP_MINIMUM} people.")
FAIR = option(f"I'll use this {PROMISE}", "yes")


def typed_what(initiative: Initiative) -> What:
    """Return step one of the form as it was saved."""
    plan = initiative.plan
    return What(
        initiative.name, plan.why, plan.benefit, plan.milestone, plan.milestone_on, plan.needed
    )


def typed_who(draft: Draft) -> Who:
    """Return step two of the form as it was saved; the promise is ticked anew each time."""
    initiative = draft.initiative
    chosen = initiative.channel_id is not None
    return Who(
        picks=draft.picks,
        channel_id=initiative.channel_id,
        visibility=initiative.visibility if chosen else None,
        first_on=initiative.first_date,
    )


def metadata(seen: Reference | None, *more: str) -> str:
    """Return what a form carries to name the draft and revision it belongs to."""
    return ":".join((f"{seen.id}:{seen.revision}", *more)) if seen else ""


def what_form(
    seen: Reference | None,
    typed: What,
    *,
    unfinished: Sequence[Initiative] = (),
    changed: bool = False,
) -> Modal:
    """Return step one; `unfinished` drafts are offered to be continued instead."""
    longest = LONGEST
    fields = (
        entry(
            Field.NAME,
            "What is it called?",
            text_box(initial=typed.name, limit=longest[Field.NAME]),
        ),
        entry(
            Field.WHY,
            "Why now, and whose priority is it?",
            text_box(initial=typed.why, limit=longest[Field.WHY], lines=True),
            hint="A sentence or two. Everyone asked reads this in the introduction.",
        ),
        entry(
            Field.BENEFIT,
            "What gets better for the people you ask?",
            text_box(initial=typed.benefit, limit=longest[Field.BENEFIT], lines=True),
        ),
        entry(
            Field.MILESTONE,
            "Next milestone",
            text_box(initial=typed.milestone, limit=longest[Field.MILESTONE]),
            optional=True,
        ),
        entry(Field.MILESTONE_ON, "When is that?", date_picker(typed.milestone_on), optional=True),
        entry(
            Field.NEEDED,
            "What do you need from people in the next two weeks?",
            text_box(initial=typed.needed, limit=longest[Field.NEEDED]),
            hint="Stands above the question what they plan to do. Leave it empty if nothing.",
            optional=True,
        ),
    )
    notice = section(CHANGED) if changed else context("Step 1 of 2. Nobody is written to yet.")
    return Modal(
        Form.DRAFT_WHAT,
        "Your initiative" if seen else "A new initiative",
        (notice, *_continue(unfinished), *fields),
        submit="Next",
        metadata=metadata(seen),
    )


def _continue(unfinished: Sequence[Initiative]) -> list[Block]:
    blocks = [
        section(f"Unfinished: {bold(one.name)}", button("Continue", Act.DRAFT_EDIT, one.id))
        for one in unfinished[:CONTINUED]
    ]
    return [*blocks, divider()] if blocks else []


def who_form(
    seen: Reference,
    typed: Who,
    earliest: date,
    groups: Sequence[UserGroup] = (),
    *,
    changed: bool = False,
) -> Modal:
    """Return step two; `earliest` is the first day a check-in may come."""
    picks = typed.picks
    lead = section(CHANGED) if changed else context("Step 2 of 2. Nobody is written to yet.")
    promise = checkboxes([FAIR], [FAIR] if typed.fair else ())
    return Modal(
        Form.DRAFT_WHO,
        "Who is asked",
        (
            lead,
            entry(Field.PEOPLE, "People to ask", _people(picks.people), optional=True),
            entry(
                Field.CHANNELS,
                "Everyone in these channels",
                _channels(picks.channels),
                hint="Guests in a channel are left out unless you pick them by name.",
                optional=True,
            ),
            *_group_field(groups, picks.groups),
            entry(
                Field.CHANNEL,
                "Channel for progress posts",
                _channel(typed.channel_id),
                hint="Where you'll tell the team what moved and what changed because of them.",
            ),
            entry(
                Field.VISIBILITY,
                "How answers show",
                radio([NAMES, TOTALS], _visibility(typed.visibility)),
                hint="Do any of these people report to you? "
                "Choose group figures; they'll answer more freely.",
            ),
            entry(
                Field.FIRST_ON,
                "First check-in on",
                date_picker(typed.first_on),
                hint="People get an introduction at least one working day before, "
                f"so {day(earliest)} at the earliest.",
            ),
            entry(Field.FAIR, "Your promise to them", promise),
        ),
        submit="Save draft",
        metadata=metadata(seen),
    )


def _visibility(chosen: Visibility | None) -> Block | None:
    return {Visibility.NAMED: NAMES, Visibility.GROUP: TOTALS}.get(chosen) if chosen else None


def _people(picked: Sequence[str]) -> Block:
    element: Block = {"type": "multi_users_select", "placeholder": plain("Pick people")}
    return element | ({"initial_users": list(picked)} if picked else {})


def _channels(picked: Sequence[str]) -> Block:
    element = _conversations("multi_conversations_select", "Pick channels")
    return element | ({"initial_conversations": list(picked)} if picked else {})


def _channel(picked: str | None) -> Block:
    element = _conversations("conversations_select", "Pick a channel")
    return element | ({"initial_conversation": picked} if picked else {})


def _conversations(kind: str, placeholder: str) -> Block:
    wanted = {"include": ["public", "private"], "exclude_bot_users": True}
    return {"type": kind, "placeholder": plain(placeholder), "filter": wanted}


def _group_field(groups: Sequence[UserGroup], picked: Sequence[str]) -> list[Block]:
    if not groups:
        return []
    first = sorted(groups, key=lambda one: (one.id not in picked, one.name.casefold()))[:GROUPS]
    options = [option(f"{one.name or one.handle} (@{one.handle})", one.id) for one in first]
    chosen = [one for one in options if one["value"] in picked]
    element: Block = {"type": "multi_static_select", "options": options}
    element |= {"placeholder": plain("Pick user groups")}
    element |= {"initial_options": chosen} if chosen else {}
    return [entry(Field.GROUPS, "Everyone in these user groups", element, optional=True)]


def opening(initiative: Initiative) -> Modal:
    """Return what stands in a form for a moment while another draft is opened in it."""
    words = f"Opening {bold(initiative.name)}…"
    return Modal(NOTICE, "Your initiative", (section(words),), close="Close")


def looking_up(initiative: Initiative) -> Modal:
    """Return what the form turns into once it is saved."""
    words = (
        f"{bold(initiative.name)} is saved as a draft. In a moment I'll send you a message that "
        "says who would hear from you and when. *Nobody is written to before you press Start.*"
    )
    return Modal(NOTICE, "Draft saved", (section(words),), close="Close")


def draft_saved(saved: DraftSaved) -> Message:
    """Return the message that says whom a draft would ask, or what keeps it from starting."""
    name = saved.initiative.name
    outcome = _problem(saved) if saved.problem else _would_hear(saved)
    blocks = [section(f"*Draft saved:* {bold(name)}\n{outcome}")]
    blocks += [section(words) for words in _unreadable(saved)]
    if saved.left_out:
        blocks.append(section("\n".join(["*Left out*", *map(_left_out, saved.left_out)])))
    blocks.append(actions(draft_buttons(saved.initiative, may_start=not saved.problem)))
    blocks.append(context("Nobody is written to before you press *Start*."))
    return Message(f"Draft saved: {said(' '.join(name.split()))}. {outcome}", tuple(blocks))


def _would_hear(saved: DraftSaved) -> str:
    people = f"{count(saved.count, 'person', 'people')} would hear from you"
    if not saved.dates:
        return f"{people}."
    (first, number), later = saved.dates[0], sum(many for _, many in saved.dates[1:])
    if not later:
        return f"{people} on {day(first)}."
    return f"{people}: {number} on {day(first)}, {later} later (time zone)."


def _problem(saved: DraftSaved) -> str:
    number = count(saved.count, "person", "people")
    words = {
        Problem.NOBODY: "Nobody is left to ask. Press *Edit* and pick people.",
        Problem.TOO_MANY: f"That is {saved.count:,} people, and I can ask at most {LARGEST:,}. "
        "Press *Edit* and pick fewer, for example a smaller channel.",
        Problem.TOO_FEW: f"Group figures need at least {GROUP_MINIMUM} answers; {number} would be "
        "asked. Press *Edit* and add people, or choose “With names”.",
    }
    assert saved.problem  # noqa: S101 - the caller looked
    return words[saved.problem]


def _unreadable(saved: DraftSaved) -> list[str]:
    words = []
    if saved.unreadable:
        channels = listed([f"<#{channel}>" for channel in saved.unreadable])
        words.append(
            f"I can't see who is in {channels}. Type `/invite @Buy-in` there, "
            "then press *Edit* here and save again."
        )
    if saved.failed:
        picks = count(saved.failed, "channel or group", "channels or groups")
        words.append(
            f"Slack didn't tell me who is in {picks} you picked. "
            "Press *Edit* and save again in a few minutes, or pick the people one by one."
        )
    return words


REASONS = {
    Skip.OWNER: ("person who leads this", "people who lead this"),
    Skip.BOT: ("app", "apps"),
    Skip.LEFT: ("person who left", "people who left"),
    Skip.GUEST: ("guest", "guests"),
    Skip.STRANGER: ("person from another organisation", "people from other organisations"),
    Skip.UNKNOWN: ("person Slack doesn't know", "people Slack doesn't know"),
}


def _left_out(left: LeftOut) -> str:
    one, many = REASONS[left.reason]
    if left.reason is Skip.OWNER and left.count == 1:
        return "• You, because you lead this"
    names = [said(shortened(name, 80)) if name else mention(user) for user, name in left.people]
    more = left.count - len(names)
    if more:
        names.append(f"{more} more")
    by_name = " (pick them by name to ask them)" if left.reason in BY_NAME else ""
    return f"• {count(left.count, one, many)}{by_name}: {listed(names)}"


BY_NAME = (Skip.GUEST, Skip.STRANGER)


def draft_buttons(draft: Initiative, *, may_start: bool = True) -> list[Block]:
    """Return what an owner can do with a draft."""
    sure = confirm(
        "Discard this draft?", "Its texts are deleted. Nobody is told.", "Discard", "Keep it"
    )
    start = button("Preview and start", Act.DRAFT_PREVIEW, draft.id, style="primary")
    rest = [
        button("Edit", Act.DRAFT_EDIT, draft.id),
        button("Discard", Act.DRAFT_DISCARD, draft.id, confirm=sure),
    ]
    return [start, *rest] if may_start else rest


def discarded(initiative: Initiative) -> Message:
    """Return what the message about a draft turns into when it is thrown away."""
    words = f"{bold(initiative.name)} is discarded. Nobody was told."
    return Message(words, (section(words),))
