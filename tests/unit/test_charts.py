"""The trend in one line, in a picture, and in words for those who do not see it."""

import io
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from bot.domain.figures import Measure, Shown
from bot.domain.intervals import interval
from bot.domain.trends import Bounds, Point
from bot.views import drawing
from bot.views.charts import AT_MOST, trend_line, trend_picture
from bot.views.drawing import HEIGHT, WIDTH, Dot, draw
from bot.views.kit import Message, Picture, section
from tests.golden import forbidden_words

BERLIN = "Europe/Berlin"
FIRST = datetime(2026, 3, 20, tzinfo=ZoneInfo(BERLIN))  # midnight: the 19th has ended


def _point(
    round_: int, favourable: int | None, answered: int, invited: int = 0, *, kept: bool = False
) -> Point:
    low, high = (None, None) if favourable is None else interval(favourable, answered)
    silent = invited - answered
    known = None if favourable is None or not invited else favourable
    return Point(
        measure=Measure.USEFUL,
        round=round_,
        closed_at=FIRST + timedelta(days=14 * (round_ - 1)),
        shown=Shown.KEPT if kept else Shown.COUNTS if favourable is not None else Shown.TOO_FEW,
        answered=answered,
        favourable=favourable,
        low=low,
        high=high,
        bounds=None if known is None else Bounds(known, known + silent, invited, silent),
    )


TREND = (
    _point(1, 9, 14, 19),
    _point(2, 11, 15, 19),
    _point(3, 11, 15, kept=True),
    _point(4, 12, 15, 19),
)


def _picture(*points: Point, name: str = "Shelf labels") -> Picture:
    picture = trend_picture(name, points, BERLIN, above=1)
    assert picture is not None
    return picture


# --- words ------------------------------------------------------------------------------------


def test_the_line_tells_the_trend() -> None:
    assert trend_line(TREND[:2]) == "Find it useful: 9 of 14 → 11 of 15."
    assert (
        trend_line(TREND) == "Find it useful: 9 of 14 → 11 of 15 → 11 of 15 (as before) → 12 of 15."
    )


def test_the_picture_is_told_in_words() -> None:
    assert _picture(*TREND).alternative == (
        "Chart: how many of those who answered find \u2068Shelf labels\u2069 very or extremely "
        "useful. Round 1, Thu 19 March: 9 of 14, likely 47 to 79 %. Round 2, Thu 2 April: 11 of "
        "15, likely 57 to 85 %. Round 3, Thu 16 April: 11 of 15 as before, because too few "
        "answers changed. Round 4, Thu 30 April: 12 of 15, likely 64 to 90 %. The likely range "
        "holds 4 times in 5. Possible: between 12 and 16 of 19, depending on the 4 "
        "we have no answer from."
    )


def test_the_picture_without_what_nobody_may_know() -> None:
    told = _picture(_point(1, 5, 5), _point(2, 6, 7)).alternative
    assert "Possible" not in told
    assert _picture(_point(1, 5, 5, 5), _point(2, 5, 5, 5)).alternative.endswith("4 times in 5.")
    assert _picture(_point(1, 4, 5, 5), _point(2, 4, 5, 6)).alternative.endswith(
        "Possible: between 4 and 5 of 6, depending on the one we have no answer from."
    )


def test_nobody_reads_words_of_the_code() -> None:
    picture = _picture(*TREND)
    told = [trend_line(TREND), picture.title, picture.alternative, drawing.RANGE, drawing.POSSIBLE]
    told += [words for dot in picture.dots for words in dot.label]
    assert not list(forbidden_words([{"text": words} for words in told]))


@pytest.mark.parametrize(
    "points",
    [
        (),
        (TREND[0],),
        (TREND[0], TREND[2]),
        (TREND[0], _point(2, None, 3)),
        (_point(1, None, 0), _point(2, None, 0)),
    ],
)
def test_no_trend_without_two_new_totals(points: tuple[Point, ...]) -> None:
    assert trend_line(points) == ""
    assert trend_picture("Shelf labels", points, BERLIN, 0) is None


def test_other_questions_are_left_out() -> None:
    sure = Point(Measure.SURE, 2, FIRST, Shown.COUNTS, 9, 3, 0.2, 0.5)
    assert trend_line((TREND[0], sure)) == ""


def test_a_long_history_shows_its_end_and_repeats_nothing() -> None:
    long = [_point(n, n, 30) for n in range(1, 20)]
    assert trend_line(long).count("→") == AT_MOST - 1
    assert trend_line(long).endswith("19 of 30.")
    same = [
        _point(1, 9, 14),
        _point(2, 11, 15),
        *(_point(n, 11, 15, kept=True) for n in range(3, 20)),
    ]
    assert trend_line(same) == "Find it useful: 9 of 14 → 11 of 15 → 11 of 15 (as before)."


ODD = ["💥 Ümläut 日本語", "مبادرة الرفوف", "a\nb\tc\x00 <!channel> *x*", "W" * 3000, ""]


@pytest.mark.parametrize("name", ODD)
def test_any_name_can_be_told(name: str) -> None:
    long = [_point(n, 1000 + n, 2000 + n, 3000) for n in range(100, 110)]
    told = _picture(*long, name=name).alternative
    assert len(told) <= 1000
    assert "\n" not in told
    assert told.count("\u2068") == told.count("\u2069") == 1


# --- the picture ------------------------------------------------------------------------------


def _drawn(*points: Point) -> Image.Image:
    picture = _picture(*points)
    png = draw(picture.title, picture.dots)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(png) < 200_000
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _colour_at(image: Image.Image, place: int, of: int, share: float) -> str:
    left, bottom, width, height = drawing.AXES
    x = round((left + width * (place + 0.5) / of) * WIDTH)
    y = round((1 - bottom - height * share) * HEIGHT)
    red, green, blue, _ = image.getpixel((x, y))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_it_is_drawn_in_its_size_on_a_ground_of_its_own() -> None:
    image = _drawn(*TREND)
    assert image.size == (WIDTH, HEIGHT)
    assert image.getchannel("A").getextrema() == (255, 255)  # nothing shines through
    assert image.getpixel((0, 0)) == (255, 255, 255, 255)
    assert len(image.getcolors(WIDTH * HEIGHT) or []) > 50


def test_new_places_are_full_and_kept_ones_hollow() -> None:
    image = _drawn(*TREND)
    assert _colour_at(image, 0, 4, 9 / 14) == "#26465a"
    assert _colour_at(image, 2, 4, 11 / 15) == "#ffffff"


def test_where_everybody_agrees_and_where_nobody_does() -> None:
    image = _drawn(_point(1, 0, 5, 6), _point(2, 7, 7, 7))
    assert _colour_at(image, 0, 2, 0) == _colour_at(image, 1, 2, 1) == "#26465a"


def test_what_is_possible_is_a_band_only_where_it_is_known() -> None:
    band = _drawn(_point(1, 5, 10, 20), _point(2, 5, 10, 20))
    assert _colour_at(band, 0, 2, 0.3) == "#dfe8ee"
    assert _colour_at(_drawn(_point(1, 5, 10), _point(2, 5, 10)), 0, 2, 0.3) == "#ffffff"


@pytest.mark.parametrize(("answered", "rounds"), [(9, 5), (99, 5), (100, 4), (2000, 3), (10**9, 2)])
def test_long_numbers_leave_room_for_fewer_rounds(answered: int, rounds: int) -> None:
    long = [_point(n, answered // 2, answered) for n in range(100, 110)]
    assert len(_picture(*long).dots) == rounds


def test_words_stay_apart_and_inside() -> None:
    image = _drawn(*(_point(n, 1500, 2999, 4000) for n in range(108, 111)))
    _, bottom, *_ = drawing.AXES
    words = image.crop((0, round((1 - bottom + 0.03) * HEIGHT), WIDTH, HEIGHT)).convert("L")
    inked = np.flatnonzero(np.asarray(words).min(axis=0) < 200)
    assert (np.diff(inked) > 25).sum() == 2  # between three columns of words
    assert inked[0] > 10
    assert inked[-1] < WIDTH - 10


def test_the_picture_stands_where_it_belongs() -> None:
    blocks = section("above"), section("below")
    picture = _picture(*TREND)
    message = Message("Digest", blocks, picture).with_picture("F0123456789")
    assert [block["type"] for block in message.blocks] == ["section", "image", "section"]
    assert message.blocks[1] == {
        "type": "image",
        "slack_file": {"id": "F0123456789"},
        "alt_text": picture.alternative,
    }
    assert Message("Digest", blocks).with_picture("F0123456789").blocks == blocks


PROGRAM = [sys.executable, "-W", "error", "-m", drawing.__name__]


def test_the_program_draws_and_complains_about_nothing() -> None:
    dots = (Dot(("1 of 2", "Round 1"), 0.5), Dot(("2 of 2", "Round 2"), 1.0, 0.6, 1.0, 0.5, 1.0))
    done = subprocess.run(
        PROGRAM, input=drawing.written("Find it useful", dots), capture_output=True, check=True
    )
    assert done.stdout.startswith(b"\x89PNG")
    assert b"Warning" not in done.stderr  # a first start may tell that it looks for fonts


def test_nothing_is_loaded_to_draw_before_something_is_drawn() -> None:
    code = (
        "import sys; import bot.views.charts, bot.delivery.pictures as p; "
        "assert 'matplotlib' not in sys.modules; "
        "from bot.views.drawing import Dot, draw; draw('x', [Dot(('a',), .5)] * 2); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
