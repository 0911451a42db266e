"""Charts of actors: arrangements between two and among many, who does what to whom, who is named with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.labels import SMALL, TEXT, apart, widest
from crossread.charts.primitives import rule
from crossread.charts.shares import BLOCK, LEAD, Row, draw_shares
from crossread.charts.style import INK, MARGIN, PALE, THEME_COLOURS, WIDTH, Sheet, chart
from crossread.wording import Labels, capital, spoken_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FROM, TO = THEME_COLOURS[3], THEME_COLOURS[2]  # of what binds two, and of what binds many
MOST_DEEDS = 26  # rows
STRONG = "#c2660a"
HUB = 2.0  # so many times more sentences than the next actor make an actor the hub
MOST_ACTORS = 30


# --- architectures --------------------------------------------------------------------------------------------------


@chart("the mentions", "doc_id", "key", "sentences", "n_sentences")
def plot_architectures(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw in how many of its sentences each document names each arrangement, from those of two to those of many.

    Parameters
    ----------
    table : DataFrame
        From `mentions`: doc_id, key, sentences, n_sentences; the keys in the order of the lexicon, which runs
        from what binds two to what binds many.

    Examples
    --------
    >>> from crossread.measure.actors import _toy, mentions
    >>> canvas = plot_architectures(mentions(*_toy()))
    >>> [text.get_text() for text in canvas.texts if text.get_text() in ("China", "Japan", "Peru")]
    ['China', 'Japan', 'Peru']
    """
    keys = list(dict.fromkeys(table["key"].astype(str)))
    rows = [Row(key, _name_of(key, labels), shade) for key, shade in zip(keys, _spectrum(len(keys)), strict=True)]
    cells = table.rename(columns={"sentences": "number", "n_sentences": "total"})
    cells["share"] = cells["number"] / cells["total"].where(cells["total"] > 0)
    return draw_shares(
        cells, rows, documents, labels, title=title, doc_ids=style.present_documents(table, documents), room=0.3,
        below=f"Sentences that name each arrangement, their number and share of the text’s sentences. {LEAD}",
        note="From brown to green: from the hub and what binds two to what binds many.",
        decorate=_draw_spectrum,
    )  # fmt: skip


def _name_of(key: str, labels: Labels) -> str:
    return capital(str(labels.themes[key])) if key in labels.themes else spoken_name(key)


def _spectrum(number: int) -> list[str]:
    """Return so many colours from that of what binds two to that of what binds many."""
    from matplotlib.colors import to_hex, to_rgb

    start, end = np.array(to_rgb(FROM)), np.array(to_rgb(TO))
    return [to_hex(start + (end - start) * part) for part in np.linspace(0, 1, max(number, 2))][:number]


def _draw_spectrum(canvas, middles: Mapping[str, float]) -> None:
    places = list(middles.values())
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 0.15
    for place, shade in zip(places, _spectrum(len(places)), strict=True):
        canvas.fill_between([MARGIN, MARGIN + 0.09], place - half, place + half, color=shade, linewidth=0)
    for text, place, side in (("two", places[0] - half, "top"), ("many", places[-1] + half, "bottom")):
        canvas.text(MARGIN + 0.19, place, text, fontsize=SMALL, rotation=90, ha="center", va=side, color=PALE)


# --- deeds ----------------------------------------------------------------------------------------------------------


@chart("the deeds", "doc_id", "agent", "deed", "patient", "sentences", "n_sentences")
def plot_deeds(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw who does what to whom: a row for each actor, deed and actor, in blocks of deeds, the most frequent first.

    Parameters
    ----------
    table : DataFrame
        From `count_deeds`: doc_id, agent, deed, patient, sentences, n_sentences.

    Examples
    --------
    >>> table = pd.DataFrame([("a", "us", "ask", "japan", 2, 9)],
    ...     columns=["doc_id", "agent", "deed", "patient", "sentences", "n_sentences"])
    >>> [text.get_text() for text in plot_deeds(table).texts][-4:]
    ['Ask', 'US  →  Japan', '2', '22 %']
    """
    names = table["agent"] + "\t" + table["deed"] + "\t" + table["patient"]
    cells = table.assign(key=names, number=table["sentences"], total=table["n_sentences"])
    cells["share"] = table["sentences"] / table["n_sentences"]
    totals = cells.groupby("key", sort=False)["number"].sum().sort_values(ascending=False, kind="stable")
    shown = totals.head(MOST_DEEDS)
    by_deed = (
        shown.groupby(shown.index.str.split("\t").str[1], sort=False).sum().sort_values(ascending=False, kind="stable")
    )
    ids = _of_all(table, documents)
    rows = [
        Row(key, _deed_label(key, labels), style.MANY, _deed_name(deed, labels))
        for deed in by_deed.index
        for key in shown.index
        if key.split("\t")[1] == deed
    ]
    left_out = len(totals) - len(shown)
    note = f"{left_out} rarer ones stand in the table." if left_out else ""
    below = "Sentences in which an actor does something to another, found by a rule that errs."
    if len(ids) > style.MOST_NAMED:
        return _ranked_deeds(cells, rows, shown, Sheet(*_ranked_height(rows), title=title, below=below, note=note))
    return draw_shares(cells, rows, documents, labels, title=title, doc_ids=ids, below=below, note=note)


def _ranked_height(rows: Sequence[Row]) -> tuple[float]:
    return (0.24 * len(rows) + BLOCK * len({row.block for row in rows}) + 0.1,)


def _ranked_deeds(cells, rows, shown, sheet):
    """Draw bars of the sentences of all documents, for many documents."""
    canvas, left, y = sheet.canvas(), min(widest([row.label for row in rows]) + 0.34, 3.2), 0.0
    unit = (WIDTH - left - MARGIN - 1.9) / shown.max()
    documents = cells.groupby("key")["doc_id"].nunique()
    for number, row in enumerate(rows):
        if number == 0 or rows[number - 1].block != row.block:
            rule(canvas, y + 0.03, color=row.colour, linewidth=1.6)
            canvas.text(MARGIN, y + 0.2, row.block, fontsize=TEXT + 1, weight="bold", va="center", color=row.colour)
            y += BLOCK
        y += 0.12
        canvas.text(MARGIN + 0.1, y, row.label, va="center")
        canvas.barh(y, unit * shown[row.key], height=0.15, left=left, color=row.colour)
        count = f"{shown[row.key]:.0f} in {documents[row.key]} document{'' if documents[row.key] == 1 else 's'}"
        canvas.text(left + unit * shown[row.key] + 0.08, y, count, fontsize=SMALL, va="center", color=PALE)
        y += 0.12
    return canvas


def _of_all(table, documents) -> list[str]:
    return style.present_documents(table) if documents is None else style.document_order(documents)


def _deed_label(key: str, labels: Labels) -> str:
    agent, _, patient = key.split("\t")
    return f"{labels.actor(agent)}  →  {labels.actor(patient)}"


def _deed_name(deed: str, labels: Labels) -> str:
    known = f"deed.{deed}"
    return capital(str(labels.themes[known]) if known in labels.themes else spoken_name(deed).lower())


# --- network --------------------------------------------------------------------------------------------------------


@chart("the co-mentions", "actor_a", "actor_b", "sentences", "sentences_a", "sentences_b", "explained")
def plot_network(table: pd.DataFrame, title: str) -> Axes | np.ndarray:
    """Draw who is named with whom: the hub in the middle, around it the others, strong ties in colour.

    An actor named in twice as many sentences as any other is the hub, and its lines are spokes.

    Parameters
    ----------
    table : DataFrame
        From `comentions`: actor_a, actor_b, sentences, sentences_a, sentences_b, explained.

    Examples
    --------
    >>> from crossread.measure.actors import _toy, comentions
    >>> (ax,) = plot_network(comentions(*_toy(), minimum_mentions=1))
    >>> sorted(text.get_text() for text in ax.texts)
    ['China 3', 'Japan 4']
    """
    if table.empty:
        return np.array([style.nothing_drawn(title)])
    table, dropped = _most_tied(table)
    named = _sentences_of(table)
    hub = _hub_of(named)
    ring = ring_order(table, [actor for actor in named if actor != hub])
    names = {actor: spoken_name(actor) for actor in named}
    written = {actor: f"{name} {named[actor]}" for actor, name in names.items()}
    around = widest(list(written.values()), SMALL) + 0.16
    radius = float(np.clip(0.7 + 0.085 * len(ring), 1.2, WIDTH / 2 - MARGIN - around))
    sheet = Sheet(
        2 * radius + 0.5, title=title,
        below="Actors named in one sentence. A number: sentences that name the actor.",
        note=f"{_hub_note(names.get(hub))} Orange: more sentences in common than chance would give; grey: chance "
        "explains them. The thicker, the more sentences."
        + (f" {dropped} rarer actors stand in the table." if dropped else ""),
    )  # fmt: skip
    canvas = sheet.canvas(0, 2 * radius + 0.5)
    _Ring(canvas, (WIDTH / 2, radius + 0.25), radius, hub, ring, written).draw(table, named)
    return np.array([canvas])


def _most_tied(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Keep the actors with the most sentences, where there are too many for a ring."""
    named = _sentences_of(table)
    shown = set(sorted(named, key=lambda actor: (-named[actor], actor))[:MOST_ACTORS])
    return table[table["actor_a"].isin(shown) & table["actor_b"].isin(shown)], len(named) - len(shown)


def _sentences_of(table: pd.DataFrame) -> dict[str, int]:
    named: dict[str, int] = {}
    for row in table.itertuples():
        named[row.actor_a], named[row.actor_b] = int(row.sentences_a), int(row.sentences_b)
    return named


def _hub_of(named: Mapping[str, int]) -> str | None:
    first = sorted(named, key=lambda actor: (-named[actor], actor))[:2]
    if len(named) < 4:
        return None
    return first[0] if named[first[0]] >= HUB * named[first[1]] else None


def _hub_note(hub: str | None) -> str:
    return f"In the middle {hub}, named in more than twice as many sentences as any other." if hub else ""


def ring_order(table: pd.DataFrame, actors: Sequence[str]) -> list[str]:
    """Return actors in an order around a ring in which those that are tied stand near each other.

    Greedy first, then pairs of places are reversed as long as that shortens the ties.

    Examples
    --------
    >>> ties = pd.DataFrame({"actor_a": ["a", "c"], "actor_b": ["b", "d"], "sentences": [5, 4], "explained": False})
    >>> ring_order(ties, ["a", "c", "b", "d"])
    ['a', 'b', 'c', 'd']
    """
    actors = sorted(actors)
    place = {actor: number for number, actor in enumerate(actors)}
    weight = np.zeros((len(actors), len(actors)))
    for row in table.itertuples():
        if row.actor_a in place and row.actor_b in place:
            tie = float(row.sentences) * (0.25 if row.explained else 1.0)
            weight[place[row.actor_a], place[row.actor_b]] = weight[place[row.actor_b], place[row.actor_a]] = tie
    if not actors:
        return []
    order, rest = [0], set(range(1, len(actors)))
    while rest:
        follower = max(sorted(rest), key=lambda n: (weight[order[-1], n], weight[order, n].sum()))
        order.append(follower)
        rest.discard(follower)
    return [actors[n] for n in _shortened(np.array(order), weight)]


def _shortened(order: np.ndarray, weight: np.ndarray, rounds: int = 6) -> np.ndarray:
    number = len(order)
    steps = np.abs(np.subtract.outer(np.arange(number), np.arange(number)))
    steps = np.minimum(steps, number - steps)

    def length(one):
        return float((weight[np.ix_(one, one)] * steps).sum())

    best = length(order)
    for _ in range(rounds):
        before = best
        for i in range(1, number - 1):
            for j in range(i + 1, number):
                tried = np.concatenate([order[:i], order[i : j + 1][::-1], order[j + 1 :]])
                if (now := length(tried)) < best - 1e-9:
                    order, best = tried, now
        if best == before:
            break
    return order


class _Ring:
    """A panel of the network: the places of actors on a ring around the hub, and what is drawn between them."""

    def __init__(self, canvas, middle, radius: float, hub: str | None, ring: Sequence[str], names: Mapping[str, str]):
        self.canvas, self.middle, self.radius = canvas, np.array(middle), radius
        self.hub, self.names, self.large, self.most = hub, names, radius > 1.3, 1
        angles = -np.pi / 2 + 2 * np.pi * (np.arange(len(ring)) + 0.5) / max(len(ring), 1)
        self.at = {
            actor: self.middle + radius * np.array([np.cos(angle), np.sin(angle)])
            for actor, angle in zip(ring, angles, strict=True)
        }
        if hub is not None:
            self.at[hub] = self.middle

    def draw(self, table: pd.DataFrame, named: Mapping[str, int]) -> None:
        self.most = max(table["sentences"].max(), 1) if len(table) else 1
        for row in table.sort_values(["explained", "sentences"], ascending=[False, True], kind="stable").itertuples():
            self._tie(row)
        tied = set(table.loc[~table["explained"].astype(bool), ["actor_a", "actor_b"]].to_numpy().ravel())
        shown, most = [actor for actor in self.at if actor in named], max(named.values(), default=1)
        self.canvas.scatter(
            [self.at[actor][0] for actor in shown], [self.at[actor][1] for actor in shown],
            s=[14 + (150 if self.large else 70) * named[actor] / most for actor in shown],
            color=[style.MANY if actor == self.hub else STRONG if actor in tied else "white" for actor in shown],
            edgecolor=INK, linewidth=0.7, zorder=3,
        )  # fmt: skip
        for side in (-1, 1):
            self._names(
                [one for one in shown if one != self.hub and (self.at[one][0] >= self.middle[0]) == (side > 0)], side
            )
        if self.hub in named:
            self.canvas.annotate(
                self.names[self.hub], self.middle, xytext=(0, -14 if self.large else -10), textcoords="offset points",
                ha="center", va="top", fontsize=TEXT if self.large else SMALL, weight="bold", zorder=5,
                path_effects=_halo(),
            )  # fmt: skip

    def _tie(self, row) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        start, end = self.at[row.actor_a], self.at[row.actor_b]
        spoke = self.hub in (row.actor_a, row.actor_b)
        colour = STRONG if not row.explained else "#b9c0cb" if spoke else "#d9d9d9"
        thick = 0.6 + (6.2 if self.large else 4.0) * row.sentences / self.most if spoke or not row.explained else 0.6
        half_way = (start + end) / 2 - self.middle
        # neighbours are joined by a flat arc, those across the ring by a line that leans to the middle
        bent = half_way * (0.15 + 0.7 * np.hypot(*half_way) / self.radius)
        control = self.middle + (half_way if spoke else bent)
        path = Path([start, control, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
        self.canvas.add_patch(
            PathPatch(path, fc="none", ec=colour, lw=thick, zorder=1 if row.explained else 2, capstyle="round",
                      alpha=1 if row.explained else 0.8)
        )  # fmt: skip

    def _names(self, actors: Sequence[str], side: int) -> None:
        """Write names beside their places, level lines apart, on one side of the ring."""
        if not actors:
            return
        levels = apart([self.at[actor][1] for actor in actors], 0.15)
        for actor, level in zip(actors, levels, strict=True):
            x, y = self.at[actor]
            lift = level - y
            reach = 0.1 + 0.5 * abs(lift)
            if abs(lift) > 0.04:
                self.canvas.plot([x, x + side * reach], [y, level], color=PALE, linewidth=0.5, zorder=2)
            self.canvas.text(x + side * (reach + 0.02), level, self.names[actor], fontsize=SMALL, va="center", zorder=4,
                             ha="left" if side > 0 else "right")  # fmt: skip


def _halo():
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.2, foreground="white")]
