"""The made-up worlds. None is claimed to be true; several are wrong for the filter on purpose."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class World:
    """How people in a made-up organisation think, answer and act; weeks, positions in sd."""

    name: str
    about: str
    start: tuple[float, float] = (0.3, 0.9)
    camps: bool = False  # two camps instead of one bell
    drift: float = 0.12
    drops: float = 0.012  # weekly chance of a sudden drop by about 1.6
    rises: float = 0.008
    yes_saying: tuple[float, float, float] = (0.70, 0.15, 0.15)
    shared_noise: float = 0.5  # one mood for the three answers of a check-in
    noise: tuple[float, float, float] = (0.8, 0.8, 0.8)
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)  # items that are easier or harder
    style: float = 0.0  # sd of how far somebody stretches the scale (log)
    kept: tuple[float, float] = (0.2, 1.2)
    taken: tuple[float, float] = (0.2, 0.6)
    answering: tuple[float, float] = (1.2, 0.25)
    fatigue: float = 0.0  # how fast answering gets rarer, per ask
    offers: float = 0.8  # chance of an offered step, every four weeks
    spreading: bool = False  # opinions spread between colleagues, with thresholds


BASE = World("base", "the filter's form, with answers of one minute correlated")

WORLDS: tuple[World, ...] = (
    BASE,
    replace(BASE, name="all mean it", about="nobody yes-says", yes_saying=(1.0, 0.0, 0.0)),
    replace(
        BASE, name="many nod", about="every second person yes-says", yes_saying=(0.5, 0.2, 0.3)
    ),
    replace(BASE, name="doing is luck", about="steps say little about buy-in", kept=(0.2, 0.3)),
    replace(BASE, name="silence is chance", about="answering is unrelated", answering=(1.2, 0.0)),
    replace(BASE, name="silence tells", about="answering depends on buy-in", answering=(1.0, 1.2)),
    replace(BASE, name="noisy", about="noisier answers", noise=(1.4, 1.4, 1.4), shared_noise=0.9),
    replace(BASE, name="slow drift", about="drift only", drift=0.22, drops=0.0, rises=0.0),
    replace(BASE, name="shocks", about="sudden drops are common", drops=0.03, rises=0.015),
    replace(BASE, name="fatigue", about="people answer less and less", fatigue=0.12),
    replace(
        BASE, name="few steps", about="few steps offered or taken", offers=0.3, taken=(-1.0, 0.6)
    ),
    replace(BASE, name="two camps", about="for or against, few between", camps=True),
    replace(BASE, name="mostly with us", about="few are against", start=(0.9, 0.7)),
    replace(BASE, name="uphill", about="most are against", start=(-0.5, 0.9)),
    replace(BASE, name="own scales", about="people stretch the scale differently", style=0.5),
    replace(
        BASE,
        name="uneven items",
        about="one item is easy and clear, one hard and noisy",
        shift=(0.4, 0.0, -0.4),
        noise=(0.6, 0.9, 1.4),
    ),
    replace(
        BASE,
        name="spreading",
        about="opinions spread between colleagues who have thresholds; not the filter's form",
        spreading=True,
        drops=0.004,
        rises=0.0,
    ),
)
