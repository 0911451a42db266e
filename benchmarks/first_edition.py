"""Contrasts and limits of the first edition of crossread, for simulated documents: run with its library on the path.

`simulate_themes.py` takes that library out of the history (commit 530eff1) and calls this file in a process of its
own, with a file of counts (sentences x runs x themes) and the sizes of the documents.
"""

import sys

import numpy as np
from crossread.themes import Observations, contrasts_of, rates_of

TOKENS = 29


def main(given: str, answer: str) -> None:
    """Read counts; write supported contrasts (pairs x themes x runs) and limits (documents x themes x runs)."""
    with np.load(given) as file:
        counts, sizes = file["counts"], file["sizes"]
    names = [f"d{number}" for number in range(len(sizes))]
    keys = [f"t{number}" for number in range(counts.shape[2])]
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    parts = [slice(*pair) for pair in zip(bounds[:-1], bounds[1:], strict=True)]
    found: dict[str, list] = {}
    for run in range(counts.shape[1]):
        seen = Observations(
            tuple(names),
            tuple(keys),
            {name: counts[part, run] for name, part in zip(names, parts, strict=True)},
            {name: np.full(size, TOKENS) for name, size in zip(names, sizes, strict=True)},
            {name: np.arange(size) for name, size in zip(names, sizes, strict=True)},
        )
        rates = rates_of(seen)
        for quantity, limits in (("share", ("share_low", "share_high")), ("per_1000", ("low", "high"))):
            table = contrasts_of(seen, quantity=quantity, seed=run)
            supported = (table["verdict"] == "supported").to_numpy().reshape(len(keys), -1).T
            found.setdefault(f"{quantity}_supported", []).append(supported)
            for side, column in zip(("low", "high"), limits, strict=True):
                values = rates[column].to_numpy().reshape(len(names), len(keys))
                found.setdefault(f"{quantity}_{side}", []).append(values)
    np.savez_compressed(answer, **{name: np.stack(values, axis=-1) for name, values in found.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
