"""A blind test of topics: questions from the texts as written, and from the same texts shuffled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crossread import Study

PER_TOPIC = 3  # questions


@dataclass(frozen=True)
class BlindTest:
    """Two sets of questions of which one comes from shuffled text.

    Attributes
    ----------
    set_a, set_b : DataFrame
        question, topic, choices, intruder; see `topics.word_intrusion`.
    key : DataFrame
        What the sets were made from, with the strongest words of each topic: not to be looked at before all have
        answered.
    """

    set_a: pd.DataFrame = field(repr=False)
    set_b: pd.DataFrame = field(repr=False)
    key: pd.DataFrame = field(repr=False)


def blind_test(study: Study, k: int, *, seed: int = 0) -> BlindTest:
    """Return questions about the topics of a study and of its text shuffled, in an order that is not known beforehand.

    Parameters
    ----------
    study : Study
    k : int
        The number of topics.
    seed : int
        Where the random numbers start.

    Examples
    --------
    >>> import crossread as cr
    >>> test = blind_test(cr.study("practice"), 4, seed=3)
    >>> len(test.set_a), len(test.set_b), test.key.shape
    (12, 12, (4, 2))
    """
    from crossread import topics
    from crossread.corpus.tokens import TermMatrix

    counts = study.topic_counts
    shuffled = TermMatrix(topics.shuffle_tokens(counts, seed=seed), counts.units, counts.terms)
    models = {"as written": study.topic_model(k), "shuffled": topics.fit_topics(shuffled, k)}
    names = [list(models)[place] for place in np.random.default_rng(seed).permutation(len(models))]
    sets = [topics.word_intrusion(models[name], per_topic=PER_TOPIC, seed=seed) for name in names]
    words = {
        f"set {letter}, {name}": topics.topic_terms(models[name], 8).groupby("topic")["term"].agg(", ".join)
        for letter, name in zip("AB", names, strict=True)
    }
    return BlindTest(*sets, pd.DataFrame(words))
