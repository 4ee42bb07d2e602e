"""The charts of the report, as SVG that holds no style, no script and no reference: the page dresses them."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from xml.etree.ElementTree import Comment, Element

import pygal
from pygal.style import Style

# Pygal leaves a finder of modules behind that knows only the way of Python 2, and that Python 3.11 warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]

MOST_DAYS = 62  # beyond, the bars are weeks
MOST_BARS = 12

_FONT = 12
_NOT_SHOWN = {Comment, "defs", "desc"}


def over_time(days: Sequence[tuple[date, str]], since: date, until: date, kinds: Mapping[str, str]) -> tuple[str, bool]:
    """Draw bars of days, or where there are too many of weeks, a colour a kind; return them and whether of weeks.

    `days` are the days and kinds of the violations, `kinds` the kinds' names.
    """
    weekly = (until - since).days > MOST_DAYS
    step = timedelta(days=7 if weekly else 1)
    begin = since - timedelta(days=since.weekday()) if weekly else since
    starts = [begin + at * step for at in range((until - begin) // step + 1)]
    counts = Counter(((day - begin) // step, kind) for day, kind in days)
    chart = _chart(pygal.StackedBar, height=220, width=1100)
    chart.x_labels = [f"{start:%d.%m}" for start in starts]
    chart.x_labels_major_every = max(1, len(starts) // 12)
    chart.show_minor_x_labels = False
    chart.y_labels = _ticks(max(Counter(at for (at, _) in counts.elements()).values()))
    for kind, name in kinds.items():
        chart.add(name, [counts[at, kind] or None for at in range(len(starts))])
    return _drawn(chart), weekly


def by_name(counts: Mapping[str, int]) -> str:
    """Draw a bar a name, the longest at the top."""
    most = Counter(counts).most_common(MOST_BARS)[::-1]
    chart = _chart(pygal.HorizontalBar, height=44 + 26 * len(most), width=520)
    chart.x_labels = [name if len(name) < 24 else f"{name[:22]}…" for name, _ in most]
    chart.print_values = True
    chart.show_x_guides = chart.show_y_guides = chart.show_x_labels = False
    chart.add("", [count for _, count in most])
    return _drawn(chart)


def by_hour(times: Mapping[tuple[int, int], int], weekdays: Sequence[str]) -> str:
    """Draw a dot for each weekday (from Monday 0) and hour, the larger the more."""
    chart = _chart(pygal.Dot, height=230, width=1100)
    chart.x_labels = [str(hour) for hour in range(24)]
    for number, name in enumerate(weekdays):
        chart.add(name, [times.get((number, hour), 0) for hour in range(24)])
    return _drawn(chart)


def _ticks(most: int) -> list[int]:
    """Return about four round numbers up to `most` or just above."""
    step = next(
        size * unit for unit in (10**power for power in range(9)) for size in (1, 2, 5) if most <= size * unit * 4
    )
    return [at * step for at in range(-(-most // step) + 1)]


def _chart(kind: type[pygal.graph.graph.Graph], *, height: int, width: int) -> pygal.graph.graph.Graph:
    chart = kind(
        css=[],
        disable_xml_declaration=True,
        height=height,
        js=[],
        margin=6,
        no_prefix=True,
        show_legend=False,
        truncate_label=-1,
        style=Style(label_font_size=_FONT, major_label_font_size=_FONT, value_font_size=_FONT),
        width=width,
    )
    chart.value_formatter = lambda value: f"{value:.0f}" if value == int(value) else ""
    chart.add_xml_filter(_undressed)
    return chart


def _drawn(chart: pygal.graph.graph.Graph) -> str:
    svg: str = chart.render(is_unicode=True)
    return svg


def _undressed(root: Element) -> Element:
    """Take styles, scripts and comments out, and turn the values into titles, which browsers show by themselves."""
    root.attrib.pop("id", None)
    root.set("role", "img")
    for parent in list(root.iter()):
        values = [child for child in parent if child.get("class") in {"value", "x_label"} and child.tag == "desc"]
        if values:
            title = Element("title")
            title.text = ": ".join(value.text or "" for value in reversed(values))
            parent.append(title)
        for child in list(parent):
            if child.tag in _NOT_SHOWN or child.get("class") == "tooltip" or child.text == "Pygal":
                parent.remove(child)
    return root
