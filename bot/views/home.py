"""The App Home: what is open, settings, and what one leads."""

from bot.domain.digests import Digest
from bot.domain.home import HomeTab, Led, OpenCheckIn
from bot.domain.initiatives import Status
from bot.views import owner_settings, people, settings, talk_hours
from bot.views.drafts import draft_buttons
from bot.views.ids import Act
from bot.views.kit import (
    Block,
    Home,
    actions,
    bold,
    button,
    context,
    count,
    day,
    header,
    listed,
    section,
)

SHOWN = 10
"""How many check-ins and initiatives are listed at most."""

PAUSED = "Paused: nobody is asked before {day}."
EXAMPLE_ASKED = (
    ">How useful is *New shelf labels* for the work you and your team do?\n"
    ">Not at all · A little · Fairly · Very · Extremely"
)
EXAMPLE_TOLD = (
    ">9 of 12 answered; 6 find it useful.\n"
    ">*Worth a talk:* Dana Demo answered *A little* to “will it work here” on 3 March.\n"
    ">*One thing now:* ask her what is missing."
)


def home(tab: HomeTab) -> Home:
    """Return the App Home of one person."""
    if not tab.open and not tab.asked_about and not tab.leads:
        return Home((*_welcome(), *_settings(tab)))
    if not tab.leads:
        return Home((*_waiting(tab), *_settings(tab), actions([_launch()], "home.new")))
    waiting = _waiting(tab) if tab.open or tab.asked_about else []
    return Home((*waiting, *_led(tab), *_settings(tab)))


def _welcome() -> list[Block]:
    return [
        header("Find out early who's with you"),
        section(
            "You lead a change, everybody says the right words, and months later few meant them. "
            "I ask the people it touches, in three taps about every two weeks, and tell you what "
            "to do next."
        ),
        section(f"*They tap* (an example)\n{EXAMPLE_ASKED}"),
        section(f"*You read* (an example)\n{EXAMPLE_TOLD}"),
        actions([_launch(primary=True)], "home.new"),
    ]


def _waiting(tab: HomeTab) -> list[Block]:
    blocks = [header("Open for you"), *(_check_in(one) for one in tab.open[:SHOWN])]
    if not tab.open:
        names = listed([bold(name) for name in tab.asked_about[:SHOWN]])
        about = f" You're asked about {names} every now and then." if names else ""
        blocks.append(section(f"Nothing is open for you right now.{about}"))
    if tab.asked_about:
        talks = button("Talks: yours, or ask for one", Act.TALK_MINE)
        blocks.append(actions([talks], "home.talks"))
    return blocks


def _check_in(one: OpenCheckIn) -> Block:
    left = one.questions - one.answered
    taps = f"{count(left, 'tap')}, less than half a minute"
    answer = button("Answer", Act.HOME_ANSWER, one.initiative_id, style="primary")
    return section(f"{bold(one.name)}: {taps}", answer, f"home.open.{one.initiative_id}")


def _settings(tab: HomeTab) -> list[Block]:
    everything = button("What I hold about you", Act.PEOPLE_ME, 0)
    return [
        header("Your settings"),
        section(
            f"*{people.month(tab.messages)}*\n{people.settings_line(tab.person)}\n"
            f"{settings.lines(tab.mine)}"
        ),
        actions(
            [settings.open_button(), *people.settings_buttons(tab.person), everything],
            "home.settings",
        ),
    ]


def _led(tab: HomeTab) -> list[Block]:
    blocks = [header("What you lead")]
    for led in tab.leads[:SHOWN]:
        blocks += _one_led(led)
    if len(tab.leads) > SHOWN:
        blocks.append(context(f"And {len(tab.leads) - SHOWN} more: `/buyin status` and its name."))
    if tab.hosting:
        blocks.append(context(talk_hours.lines(tab.hosting)))
    return [*blocks, actions([_launch(), talk_hours.open_button()], "home.new")]


def _one_led(led: Led) -> list[Block]:
    initiative = led.initiative
    summary = section(f"{bold(initiative.name)}\n{_status(led)}")
    if initiative.status is Status.DRAFT:
        buttons = draft_buttons(initiative)
    else:
        ask = button("Ask now", Act.PULSE_ASK_NOW, initiative.id)
        paused = led.digest is not None and led.digest.paused_until is not None
        buttons = [
            button("Status", Act.DIGEST_STATUS, initiative.id),
            button("Talks", Act.TALK_PLAN, initiative.id),
            owner_settings.resume_button(initiative) if paused else ask,
            button("Tell the team", Act.PROGRESS_NEW, initiative.id),
            owner_settings.open_button(initiative),
            button("End it", Act.INITIATIVE_END, initiative.id),
        ]
    return [summary, actions(buttons, f"home.led.{initiative.id}")]


def _status(led: Led) -> str:
    digest = led.digest
    if digest is None:
        return "A draft: nobody has been written to."
    if digest.paused_until is not None:
        return f"{PAUSED.format(day=day(digest.paused_until))}{_to_do(digest)}"
    if digest.open_round is None:
        first = led.initiative.first_date
        if digest.closed_round is not None:
            return f"Round {digest.closed_round} has closed.{_to_do(digest)}"
        return f"Nobody has been asked yet; the first round opens on {day(first)}." if first else ""
    closes = f"Round {digest.open_round}"
    if digest.last_day:
        closes += f" closes on {day(digest.last_day)}"
    part = digest.open_part
    answered = f"; {part.answered} of {part.invited} answered so far" if part else ""
    return f"{closes}{answered}.{_to_do(digest)}"


def _to_do(digest: Digest) -> str:
    waiting = len(digest.todos)
    return f" *{count(waiting, 'thing')} for you to do:* press *Status*." if waiting else ""


def _launch(primary: bool = False) -> Block:
    return button("Launch an initiative", Act.INITIATIVE_NEW, style="primary" if primary else None)
