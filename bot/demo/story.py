"""How the made-up people behave: an agenda of what each does when, decided by what they see."""

import heapq
import itertools
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

from bot.demo.cast import EVERYONE, OWNER, SILENT, STAKEHOLDERS, Persona, Round
from bot.demo.owner import Owner
from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.domain.pulses import LABELS, SHORT, Question
from bot.playground import CannotDo, FormIncomplete, Json, Message
from bot.views.ids import Act

Deed = Callable[[], Awaitable[None]]

AFTER_READING = timedelta(minutes=20)


class Story:
    """Moves time on the stage and has everybody react to what they see."""

    def __init__(self, stage: Stage, transcript: Transcript) -> None:
        self.stage = stage
        self.answering = True
        """Whether the made-up people answer by themselves."""
        self._transcript = transcript
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._order = itertools.count()
        self._owner = Owner(stage, transcript)
        self._rounds: dict[str, int] = {}
        self._own_clicks: set[int] = set()

    def plan(self, at: datetime, deed: Deed) -> None:
        """Have `deed` done at `at` (aware)."""
        heapq.heappush(self._agenda, (at, next(self._order), deed))

    def planned_next(self) -> datetime | None:
        """Return when somebody does what they planned next."""
        return self._agenda[0][0] if self._agenda else None

    def somebody_asked(self) -> Persona:
        """Return who has a check-in open; the first of all if nobody has."""
        return next(
            (
                persona
                for persona in STAKEHOLDERS
                if any(map(_is_check_in, self.stage.person(persona.user_id).dm))
            ),
            STAKEHOLDERS[0],
        )

    async def launch(self) -> None:
        """Have the owner launch the initiative, and plan what she does later."""
        await self._do(self._owner.launch)
        await self.look()
        for after, deed in self._owner.plans():
            self.plan(self.stage.clock.now() + after, deed)

    async def move_to(self, moment: datetime) -> None:
        """Let time pass until `moment` (aware); people do what they planned on the way."""
        while self.stage.clock.now() < moment:
            upcoming = self._agenda[0][0] if self._agenda else moment
            await self.stage.step_to(max(self.stage.clock.now(), min(moment, upcoming)))
            await self.look()
            while self._agenda and self._agenda[0][0] <= self.stage.clock.now():
                _, _, deed = heapq.heappop(self._agenda)
                await self._do(deed)
                await self.stage.settle()
                await self.look()

    async def _do(self, deed: Deed) -> None:
        """Do something, and close the modals that it leaves open."""
        drivers = [self.stage.person(persona.user_id) for persona in EVERYONE]
        without = [driver for driver in drivers if driver.view is None]
        try:
            await deed()
        except FormIncomplete:
            raise
        except CannotDo:  # whoever looks at the demo did it already
            pass
        for driver in without:
            if driver.view is not None:
                await driver.close(everything=True)

    async def look(self) -> None:
        """Let everybody read what is new and plan how they react."""
        now = self.stage.clock.now()
        for persona in EVERYONE:
            driver = self.stage.person(persona.user_id)
            for message in self._transcript.news(driver):
                self._transcript.saw(persona, driver, message, now)
                if self.answering and message.ephemeral_to is None:
                    self._react(persona, message)

    def _react(self, persona: Persona, message: Message) -> None:
        now = self.stage.clock.now()
        labels = _labels(message)
        if persona.user_id == OWNER:
            for after, deed in self._owner.reactions(message, labels):
                self.plan(now + after, deed)
        elif persona in STAKEHOLDERS:
            self._react_as_asked(persona, message, labels, now)

    def _react_as_asked(
        self, persona: Persona, message: Message, labels: list[str], now: datetime
    ) -> None:
        wish = persona.on_introduction
        pressed = next((label for label in labels if wish and label.startswith(wish)), None)
        if pressed and "Only in group figures" in labels:
            self.plan(now + AFTER_READING, lambda: self._press(persona, message, pressed))
        elif "It won't happen" in labels:
            if persona.steps == "does":
                self.plan(now + AFTER_READING, lambda: self._press(persona, message, "Done"))
        elif "By message instead" in labels:
            self.plan(now + AFTER_READING, lambda: self._press(persona, message, labels[0]))
        elif "We met" in labels:
            self.plan(now + AFTER_READING, lambda: self._press(persona, message, "We met"))
        elif "Answer" in labels and persona.waits_for_reminder:
            self.plan(now + AFTER_READING, lambda: self._answer(persona, self._check_in(persona)))
        elif _is_check_in(message) and not persona.waits_for_reminder:
            late = timedelta(hours=persona.after_hours)
            self.plan(now + late, lambda: self._answer(persona, message))

    def _check_in(self, persona: Persona) -> Message:
        dms = self.stage.person(persona.user_id).dm
        return [message for message in dms if _is_check_in(message)][-1]

    async def _press(self, persona: Persona, message: Message, label: str) -> None:
        now = self.stage.clock.now()
        self._transcript.did(persona, f"presses *{label}*", now)
        await self.stage.person(persona.user_id).click(message, text=label)

    async def _answer(self, persona: Persona, message: Message) -> None:
        done = self._rounds.get(persona.user_id, 0)
        self._rounds[persona.user_id] = done + 1
        answers = self._next_answers(persona, message, done)
        said = []
        for question, answer in zip(Question, answers, strict=True):
            if answer is not None and await self._tap(persona, message, question, answer):
                said.append(f"{SHORT[question]}: {_label(question, answer)}")
        if said:
            self._transcript.did(persona, f"taps {' · '.join(said)}", self.stage.clock.now())
        if persona.steps:
            await self._choose_step(persona, message)
        if persona.in_the_way and done == 0:
            await self._name(persona, message)
        if persona.tells and done == 0:
            await self._tell(persona, message, persona.tells)

    async def _choose_step(self, persona: Persona, message: Message) -> None:
        """Choose the first act that is offered, and its first date."""
        for action in (Act.STEP_PICK, Act.STEP_DATE):
            offered = [one for one in _buttons(message) if one["action_id"].startswith(action)]
            if offered:
                driver = self.stage.person(persona.user_id)
                await driver.click(message, action_id=offered[0]["action_id"])
                await self.stage.settle()
                label = offered[0]["text"]["text"]
                self._transcript.did(persona, f"chooses *{label}*", self.stage.clock.now())

    async def _name(self, persona: Persona, message: Message) -> None:
        """Say what gets in the way, in the menu that a finished check-in may show."""
        try:
            await self.stage.person(persona.user_id).click(message, text=persona.in_the_way)
        except CannotDo:  # not asked this time
            return
        await self.stage.settle()
        what = f"picks what gets in the way most: *{persona.in_the_way}*"
        self._transcript.did(persona, what, self.stage.clock.now())

    def _taps_by_hand(self, persona: Persona) -> Iterator[tuple[str, Question, int | str]]:
        """Yield what somebody at the page tapped as `persona`, with the message's `ts`."""
        for delivery in self.stage.slack.deliveries:
            body = delivery.payload
            if body.get("type") != "block_actions" or id(delivery) in self._own_clicks:
                continue
            for action in body["actions"]:
                tapped = _tapped(action["action_id"])
                if tapped and body["user"]["id"] == persona.user_id:
                    yield body["container"].get("message_ts", ""), *tapped

    def _next_answers(self, persona: Persona, message: Message, done: int) -> Round:
        """Return what to tap: nothing twice, and what somebody at the page began goes on."""
        by_hand = list(self._taps_by_hand(persona))
        if any(ts == message.ts for ts, *_ in by_hand):
            return SILENT
        if by_hand:
            last = {question: answer for _, question, answer in by_hand}
            useful, sure, effort = (last.get(question) for question in Question)
            return useful, sure, effort
        return persona.rounds[min(done, len(persona.rounds) - 1)] if persona.rounds else SILENT

    async def _tap(
        self, persona: Persona, message: Message, question: Question, answer: int | str
    ) -> bool:
        driver = self.stage.person(persona.user_id)
        try:
            action_id = f"{Act.PULSE_ANSWER}:{question}:{answer}"
            self._own_clicks.add(id(await driver.click(message, action_id=action_id)))
        except CannotDo:  # whoever looks at the demo answered for this person already
            return False
        await self.stage.settle()
        return True

    async def _tell(self, persona: Persona, message: Message, words: str) -> None:
        driver = self.stage.person(persona.user_id)
        await driver.click(message, action_id=Act.PULSE_MORE)
        await self.stage.settle()
        await driver.click(message, action_id=Act.INPUT_TELL)
        await self.stage.settle()
        who = "with my name" if persona.named else "without my name"
        await driver.submit({"words": words, "named": who.capitalize()})
        self._transcript.did(persona, f"tells Dana, {who}: “{words}”", self.stage.clock.now())


def _labels(message: Message) -> list[str]:
    return [element["text"]["text"] for element in _buttons(message)]


def _buttons(message: Message) -> list[Json]:
    return [
        element
        for block in message.blocks
        for element in (*block.get("elements", ()), block.get("accessory"))
        if element and element["type"] == "button"
    ]


def _is_check_in(message: Message) -> bool:
    return any(
        element["action_id"].startswith(Act.PULSE_ANSWER)
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    )


def _tapped(action_id: str) -> tuple[Question, int | str] | None:
    if not action_id.startswith(f"{Act.PULSE_ANSWER}:"):
        return None
    question, answer = action_id.removeprefix(f"{Act.PULSE_ANSWER}:").split(":")
    return Question(question), int(answer) if answer.isdigit() else answer


def _label(question: Question, answer: int | str) -> str:
    return LABELS[question][answer - 1] if isinstance(answer, int) else "Nothing needed from me"
