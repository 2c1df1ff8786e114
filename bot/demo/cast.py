"""The made-up people of the demo and what they really think, which the app never sees."""

from dataclasses import dataclass

OWNER = "U0DANA"
SPONSOR = "U0SASHA"
CHANNEL = "C0SHELVES"

Round = tuple[int | str | None, int | str | None, int | str | None]
"""What somebody taps in one round: useful, sure, effort; None is a row left open."""

SILENT: Round = (None, None, None)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody made up; `tz` is an IANA zone, `after_hours` how long an answer takes them."""

    user_id: str
    name: str
    tz: str
    truth: str
    """What they really think, for people who look at the demo."""
    rounds: tuple[Round, ...] = ()
    after_hours: float = 2
    waits_for_reminder: bool = False
    on_introduction: str | None = None
    """A button they press on the introduction, by its label's first words."""
    tells: str | None = None
    named: bool = True
    steps: str = ""
    """Whether they do the steps they choose: `does` or `forgets`; "" chooses none."""
    in_the_way: str = ""
    """What they pick when asked what gets in the way; "" leaves that open."""


def _persona(first: str, tz: str, truth: str, *rounds: Round, **more: object) -> Persona:
    user_id = f"U0{first.upper()}"
    return Persona(user_id, f"{first} Demo", tz, truth, rounds, **more)  # type: ignore[arg-type]


BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"

STAKEHOLDERS: tuple[Persona, ...] = (
    _persona(
        "Alex", BERLIN, "champion", (5, 4, 4), (4, 5, 4), (5, 5, 5), after_hours=0.5, steps="does"
    ),
    _persona("Bailey", BERLIN, "champion", (4, 4, 4), (5, 4, 4), (5, 5, 4), after_hours=1),
    _persona(
        "Casey",
        BERLIN,
        "hesitant: no time",
        (3, 2, 2),
        (3, 2, 2),
        (4, 3, 3),
        after_hours=4,
        in_the_way="No time",
        tells="Labelling takes us 20 minutes a shelf, and nobody told us what to leave instead.",
    ),
    _persona(
        "Drew",
        BERLIN,
        "nods: kind answers, does nothing",
        (5, 5, 5),
        (5, 5, 5),
        (4, 4, 5),
        steps="forgets",
    ),
    _persona("Ellis", BERLIN, "silent: on the night shift", SILENT, SILENT, SILENT),
    _persona("Frankie", BERLIN, "supporter", (4, 4, 3), (5, 4, 3), (5, 4, 4), after_hours=6),
    _persona(
        "Gray",
        NEW_YORK,
        "not convinced: tried it before",
        (2, 1, 1),
        (2, 2, 1),
        (3, 1, 2),
        after_hours=3,
        tells="We tried scanners in 2019 and the batteries were dead by noon.",
        named=False,
    ),
    _persona(
        "Harper",
        NEW_YORK,
        "supporter who forgets",
        (4, 3, 3),
        (5, 4, 3),
        (4, 4, 3),
        waits_for_reminder=True,
    ),
    _persona("Indigo", KOLKATA, "unsure", (3, 3, "nothing_needed"), (4, 3, 2), (4, 3, 2)),
    _persona(
        "Jules",
        KOLKATA,
        "wants no name on it",
        (3, 3, 3),
        (4, 3, 3),
        (4, 4, 3),
        on_introduction="Only in group figures",
    ),
    _persona("Kit", BERLIN, "has nothing to do with it", on_introduction="Not my topic"),
    _persona("Lane", BERLIN, "wants to be left alone", on_introduction="No messages"),
)
"""At least five change their answer from round to round, so that each has a total of its own."""

OWNER_PERSONA = Persona(OWNER, "Dana Demo", BERLIN, "leads the initiative")
SPONSOR_PERSONA = Persona(SPONSOR, "Sasha Demo", BERLIN, "sponsors the initiative")
EVERYONE = (OWNER_PERSONA, SPONSOR_PERSONA, *STAKEHOLDERS)
