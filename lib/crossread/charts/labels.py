"""Labels beside their points without overlap, the same on every run."""

from itertools import compress

from crossread.charts import style

PUSHES = (0.25, 0.5, 0.8)  # force between labels, in the order tried
ARROWS = {"arrowstyle": "-", "color": style.PALE, "linewidth": 0.6}
MARKER = 9  # points: a large marker with a little room
ROUNDS = 250  # of adjustText: counted, never timed, so that the picture does not depend on the machine


def place_labels(
    ax,
    x,
    y,
    labels,
    *,
    size=style.SMALLEST_TYPE,
    colours=None,
    bold=0,
    large=(),
    avoid_x=None,
    avoid_y=None,
    lines=True,
):
    """Write a label beside each point, moved until none covers another, and join those that moved to their points.

    Parameters
    ----------
    ax : Axes
        Its limits and scales must be final.
    x, y : sequence of float
        The points, in the unit of the axes.
    labels : sequence of str
        One for each.
    size : float
        Points.
    colours : sequence of str, optional
        One for each.
    bold : int
        How many of the first labels are set bold.
    large : sequence of bool, optional
        Whether each point has a large marker, which no label may cover.
    avoid_x, avoid_y : sequence of float, optional
        Further points not to be covered.
    lines : bool
        Whether to join label and point.

    Returns
    -------
    list of Text

    Examples
    --------
    >>> _, ax = style.figure(height=2)
    >>> [text.get_text() for text in place_labels(ax, [0.5, 0.5], [0.5, 0.52], ["war", "peace"])]
    ['war', 'peace']
    """
    from matplotlib.patheffects import withStroke

    # room for axis labels and ticks first: labels are placed in pixels
    ax.figure.draw_without_rendering()
    colours = colours or [style.INK] * len(labels)
    texts = [
        ax.text(a, b, str(label), fontsize=max(size, style.SMALLEST_TYPE), color=colour, zorder=3)
        for a, b, label, colour in zip(x, y, labels, colours, strict=True)
    ]
    for number, text in enumerate(texts):
        text.set_in_layout(False)
        text.set_path_effects([withStroke(linewidth=1.6, foreground="white")])
        text.set_fontweight("bold" if number < bold else "normal")
    x, y = list(x), list(y)
    still = (x, y) if avoid_x is None else (list(avoid_x), list(avoid_y))
    options = {"arrowprops": ARROWS} if lines else {}
    if any(large):
        options["objects"] = _markers(ax, compress(x, large), compress(y, large))
    if len(still[0]) > 1:
        _spread(ax, texts, x, y, still, options)
    return texts


def _markers(ax, x, y):
    """Return the room that large markers take, in the unit of the axes, as adjustText wants it."""
    from matplotlib.transforms import Bbox

    half = MARKER * ax.figure.dpi / 72 / 2
    to_data = ax.transData.inverted()
    pixels = [ax.transData.transform(point) for point in zip(x, y, strict=True)]
    return [Bbox([to_data.transform(point - half), to_data.transform(point + half)]) for point in pixels]


def _spread(ax, texts, x, y, still, options):
    """Move the labels, pushing harder until none covers another, and keep the best of the attempts."""
    from adjustText import adjust_text

    def covered():
        renderer = ax.figure.canvas.get_renderer()
        boxes = [text.get_window_extent(renderer) for text in texts]
        return sum(boxes[i].overlaps(boxes[j]) for i in range(len(boxes)) for j in range(i))

    attempts = []
    for push in (*PUSHES, None):
        if push is None:  # no attempt was clean: once more the best, this time to stay
            push = min(attempts)[1]
        for text, a, b in zip(texts, x, y, strict=True):
            text.set_position((a, b))
        before = set(ax.patches), set(ax.texts)
        adjust_text(
            texts,
            x=still[0],
            y=still[1],
            target_x=x,
            target_y=y,
            ax=ax,
            iter_lim=ROUNDS,
            expand=(1.08, 1.25),
            max_move=(12, 12),
            force_text=(push, 1.6 * push),
            force_static=(0.15, 0.25),
            min_arrow_len=6,
            **options,
        )
        overlaps = covered()
        if overlaps == 0 or len(attempts) == len(PUSHES):
            return
        attempts.append((overlaps, push))
        for line in [*(set(ax.patches) - before[0]), *(set(ax.texts) - before[1])]:
            line.remove()
