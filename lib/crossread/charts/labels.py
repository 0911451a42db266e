"""Labels beside their points without overlap, the same on every run."""

from crossread.charts import style

ROUNDS = 400  # of adjustText: counted, never timed, so that the picture does not depend on the machine


def place_labels(
    ax, x, y, labels, *, size=style.SMALLEST_TYPE, colours=None, bold=0, avoid_x=None, avoid_y=None, lines=True
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
    from adjustText import adjust_text
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
    if len(texts) > 1 or avoid_x is not None:
        options = {"arrowprops": {"arrowstyle": "-", "color": style.PALE, "linewidth": 0.6}} if lines else {}
        adjust_text(
            texts,
            x=list(x) if avoid_x is None else list(avoid_x),
            y=list(y) if avoid_y is None else list(avoid_y),
            target_x=list(x),
            target_y=list(y),
            ax=ax,
            iter_lim=ROUNDS,
            expand=(1.08, 1.25),
            max_move=(12, 12),
            force_text=(0.2, 0.35),
            force_static=(0.15, 0.25),
            min_arrow_len=6,
            **options,
        )
    return texts
