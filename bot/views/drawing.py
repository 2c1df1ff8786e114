"""Drawing a trend as a PNG. As a program it draws what stands on standard input, and ends.

Matplotlib is imported only to draw: it takes most of a second and 60 MB, and holds up everything
else in its process meanwhile, so the app draws in a process of its own.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.container import Container, ErrorbarContainer
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1200, 840
"""Pixels: about twice of what Slack shows, so that it stays sharp; a phone shows it 300 wide."""

_DPI = 200
_BIG, _PLAIN, _SMALL = 17, 14, 12.5  # points; the smallest is 9 pixels on a phone
_INK, _SOFT, _GRID, _LINE, _BAND, _EDGE = (
    "#1d1c1d",
    "#4d4c4f",
    "#d0d0d0",
    "#26465a",
    "#dfe8ee",
    "#7d95a3",
)
_STROKE = 2.5  # points
_ROOM = 40  # characters that stand side by side below the axis
AXES = (0.135, 0.245, 0.85, 0.49)
"""Left, bottom, width and height of what is drawn, as parts of the whole."""

RANGE = "likely range, 4 times in 5"
POSSIBLE = "possible, depending on who gave no answer"


@dataclass(frozen=True, slots=True)
class Dot:
    """One place in a trend. Shares are 0…1; `label` is our own words, line by line.

    `low` and `high` hold the share with 80 %; `lowest` and `highest` hold it whatever those would
    say who have not answered. A kept dot repeats an older one.
    """

    label: tuple[str, ...]
    share: float
    low: float | None = None
    high: float | None = None
    lowest: float | None = None
    highest: float | None = None
    kept: bool = False


def written(title: str, dots: Sequence[Dot]) -> bytes:
    """Return what the program reads."""
    return json.dumps({"title": title, "dots": [asdict(dot) for dot in dots]}).encode()


def draw(title: str, dots: Sequence[Dot]) -> bytes:
    """Return the trend as a PNG of `WIDTH` × `HEIGHT` pixels on white, whatever the theme."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a matplotlibrc of somebody's must not change it
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes(AXES)
        _frame(axes, dots)
        _labels(axes, dots)
        _lines(axes, dots)
        _markers(axes, dots)
        handles = [handle for handle in (_ranges(axes, dots), _band(axes, dots)) if handle]
        _heading(figure, title, handles)
        png = BytesIO()
        figure.savefig(png, format="png")
    return png.getvalue()


def _frame(axes: "Axes", dots: Sequence[Dot]) -> None:
    axes.set_xlim(-0.5, len(dots) - 0.5)
    axes.set_ylim(0, 100)
    axes.set_xticks([])
    axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"], fontsize=_PLAIN, color=_INK)
    axes.tick_params(length=0, pad=8)
    axes.grid(axis="y", color=_GRID, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_EDGE)


def _labels(axes: "Axes", dots: Sequence[Dot]) -> None:
    longest = max(len(words) for dot in dots for words in dot.label)
    size = _PLAIN if longest * len(dots) <= _ROOM else _SMALL
    for place, dot in enumerate(dots):
        for row, words in enumerate(dot.label):
            axes.annotate(
                words,
                (place, 0),
                xytext=(0, -21 - 18 * row),
                textcoords="offset points",
                ha="center",
                va="baseline",
                fontsize=size,
                fontweight="normal" if row else "bold",
                color=_SOFT if row else _INK,
            )


def _lines(axes: "Axes", dots: Sequence[Dot]) -> None:
    for place, pair in enumerate(pairwise(dots)):
        kept = any(dot.kept for dot in pair)
        axes.plot(
            [place, place + 1],
            [100 * dot.share for dot in pair],
            color=_LINE,
            linewidth=_STROKE,
            linestyle=(0, (2, 2)) if kept else "-",
            zorder=3,
        )


def _markers(axes: "Axes", dots: Sequence[Dot]) -> None:
    for place, dot in enumerate(dots):
        axes.plot(
            [place],
            [100 * dot.share],
            marker="o",
            markersize=12,
            markeredgewidth=_STROKE,
            color=_LINE,
            markerfacecolor="white" if dot.kept else _LINE,
            clip_on=False,
            zorder=4,
        )


def _ranges(axes: "Axes", dots: Sequence[Dot]) -> "ErrorbarContainer | None":
    """Draw how sure each new share is; a kept one was as sure where it was new."""
    sure = [
        (place, 100 * dot.share, 100 * (dot.share - dot.low), 100 * (dot.high - dot.share))
        for place, dot in enumerate(dots)
        if dot.low is not None and dot.high is not None and not dot.kept
    ]
    if not sure:
        return None
    places, shares, below, above = zip(*sure, strict=True)
    return axes.errorbar(
        places,
        shares,
        yerr=[below, above],
        fmt="none",
        ecolor=_LINE,
        elinewidth=_STROKE,
        capsize=8,
        capthick=_STROKE,
        clip_on=False,
        zorder=3,
        label=RANGE,
    )


def _band(axes: "Axes", dots: Sequence[Dot]) -> "Artist | None":
    """Draw what is possible; its edges are lines, so that it shows without its tint."""
    known = [
        (place, 100 * dot.lowest, 100 * dot.highest)
        for place, dot in enumerate(dots)
        if dot.lowest is not None and dot.highest is not None
    ]
    if len(known) < 2:
        return None
    places, lowest, highest = zip(*known, strict=True)
    return axes.fill_between(
        places,
        lowest,
        highest,
        facecolor=_BAND,
        edgecolor=_EDGE,
        linestyle=":",
        linewidth=1.5,
        zorder=1,
        label=POSSIBLE,
    )


def _heading(figure: "Figure", title: str, handles: "Sequence[Artist | Container]") -> None:
    figure.text(
        0.02, 0.97, title, va="top", fontsize=_BIG, fontweight="bold", color=_INK, ha="left"
    )
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.012, 0.895),
        frameon=False,
        fontsize=_SMALL,
        labelcolor=_SOFT,
        borderpad=0,
        handletextpad=0.6,
        labelspacing=0.35,
        handlelength=1.5,
    )


def main() -> None:
    """Draw what stands on standard input, and stand back for whoever answers people."""
    if hasattr(os, "nice"):
        os.nice(10)
    asked = json.load(sys.stdin.buffer)
    dots = [Dot(**dot) for dot in asked["dots"]]
    sys.stdout.buffer.write(draw(asked["title"], dots))


if __name__ == "__main__":
    main()
