"""Fit topics to passages: one way that never varies, one with many seeds, one that starts from a lexicon."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import lda, nmf
from crossread.topics.vocabulary import VOCABULARY, topic_counts
from crossread.wording import Labels, join_names, join_sentences

TOPIC_TERMS = ("topic", "rank", "term", "weight", "retained")
TOPIC_SHARES = ("doc_id", "segment", "topic", "share")
METHODS = ("nmf", "lda", "seeded")
TOP = 10
RESAMPLE_SWEEPS = 60  # text and shuffled text alike
LARGE = 5_000_000  # stored counts times topics from which lda learns online and nmf descends by coordinates
LARGE_SWEEPS = 40
TOGETHER = 5000  # units that find their topics at once
DEFAULTS = {
    "nmf": {"weighting": "tfidf", "sweeps": 200},
    "lda": {"alpha": 0.03, "eta": 0.1, "sweeps": 100, "inner": 4, "tolerance": 1e-4, "runs": 20, "passes": None},
}
DEFAULTS["seeded"] = {**DEFAULTS["lda"], "seed_weight": 0.01}
ONLINE = {"alpha": 0.05, "inner": 16, "tolerance": 2e-3, "passes": 6}


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics fitted to the units of a corpus.

    Attributes
    ----------
    method : {"nmf", "lda", "seeded"}
        How they were fitted.
    topic_term : ndarray
        K×V weights; each topic's sum to 1.
    shares : ndarray
        N×K shares of the topics in the units; each unit's sum to 1, or are not numbers where no topic fits it at all.
    terms : array of str
        The V terms.
    units : DataFrame
        The N units: doc_id, segment where there is one, n_tokens.
    parameters : dict
        What shaped the fit; enough to repeat it.
    labels : tuple of str
        The lexicon's key of each seeded topic, "" for all others.
    agreement : float
        Mean share of top ten terms (Jaccard) that two seeds have in common; 1 for a method without chance.
    topic_agreement : tuple of float
        The same for each topic.
    finished : bool
        False where the work was interrupted and this is what there was.
    inverse : ndarray or None
        Weights of the terms, where the counts were weighted.
    state : dict or None
        Of an interrupted lda, what `fit_topics(..., resume=model)` goes on from.
    """

    method: str
    topic_term: np.ndarray
    shares: np.ndarray
    terms: np.ndarray
    units: pd.DataFrame
    parameters: dict
    labels: tuple[str, ...] = ()
    agreement: float = 1.0
    topic_agreement: tuple[float, ...] = ()
    finished: bool = True
    inverse: np.ndarray | None = field(default=None, repr=False)
    state: dict | None = field(default=None, repr=False)

    @property
    def k(self) -> int:
        """The number of topics."""
        return len(self.topic_term)

    @property
    def topic_terms(self) -> pd.DataFrame:
        """The top ten terms of every topic, as `topic_terms` gives them."""
        return topic_terms(self)

    @property
    def topic_shares(self) -> pd.DataFrame:
        """The shares of all topics in all units, as `topic_shares` gives them."""
        return topic_shares(self)


def fit_topics(
    corpus_or_matrix,
    k: int,
    method: str = "nmf",
    *,
    seed: int = 0,
    lexicon=None,
    engine: str = "auto",
    progress: bool = False,
    vocabulary: dict | None = None,
    resume: TopicModel | None = None,
    **settings,
) -> TopicModel:
    """Fit k topics.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        Of a corpus, what `topic_counts` counts.
    k : int
        Number of topics. `choose_k` says which one the text supports.
    method : {"nmf", "lda", "seeded"}
        nmf has no chance in it. lda is run with `runs` seeds (at least 20 unless you ask for fewer) and the run that
        agrees best with all others is returned. seeded is lda whose first topics start from the keys of `lexicon`.
    seed : int
        First of the seeds.
    lexicon : Lexicon, optional
        For `method="seeded"`: each top-level key gives one topic, the words of its entries the seeds.
    engine : {"auto", "numba", "numpy"}
        How lda's sums are computed for a large corpus; "auto" takes the compiled loops where numba is installed.
    progress : bool
        Show a progress bar.
    vocabulary : dict, optional
        Arguments of `topic_counts`: `minimum_documents=1`, `unit="document"`, …
    resume : TopicModel, optional
        An interrupted lda of the same texts with the same arguments, also one loaded from its file: the result is that
        of a fit without interruption, to the last digit.
    **settings
        nmf: weighting ("tfidf", "counts", "binary"), sweeps (200; 40 of scikit-learn's for a large corpus). lda and
        seeded: alpha, eta, sweeps, inner, tolerance (stop when a sweep gains less per token), runs, passes; seeded:
        seed_weight (pseudo-counts of a seed as a share of all). passes are sweeps that renew the topics after every
        250 documents: six where the corpus is large (stored counts times k of five million and more; then alpha is
        0.05, inner 16 and tolerance 0.002), and none where it is small: a batch there holds too little to learn from.

    Returns
    -------
    TopicModel
        Topics ordered by their share of the tokens, seeded ones by the lexicon. Interrupted with Ctrl-C it returns what
        it has, with `finished` False.

    Raises
    ------
    CrossreadError
        "k = 40 topics cannot be fitted to 12 units and 30 terms: …", "There is no method “hdp”: …".

    Notes
    -----
    The result does not depend on the order of the documents or on the number of threads. The compiled loops of a large
    lda compute with about seven digits, so that the two engines agree to about five. Prototype of many runs:
    Rieger, Rahnenführer & Jentsch 2020, "Improving latent Dirichlet allocation: on reliability of the novel method
    LDAPrototype", NLDB.

    Examples
    --------
    >>> counts = sparse.csr_matrix([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 1, 2], [0, 0, 2, 2]])
    >>> fit_topics(counts, 2).shares.round(2).tolist()
    [[0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]
    """
    if method not in METHODS:
        raise CrossreadError(f"There is no method “{method}”: choose {', '.join(METHODS)}.")
    unknown = sorted(set(settings) - set(DEFAULTS[method]))
    if unknown:
        raise CrossreadError(f"{method} has no setting “{unknown[0]}” (it has {', '.join(DEFAULTS[method])}).")
    if method == "seeded" and lexicon is None:
        raise CrossreadError(
            'method="seeded" needs a lexicon, whose keys become topics: lexicon=load_lexicon("themes").'
        )
    options = dict(vocabulary or {})
    if method == "seeded":
        options.setdefault("phrases", lexicon)
    counts = as_counts(corpus_or_matrix, **options)
    _check_size(counts, k)
    settings = _settings_for(counts.matrix, k, method, settings)
    order = lda.canonical_order(counts.matrix)
    matrix = counts.matrix[order]
    seeds = seed_terms(lexicon, counts.terms) if method == "seeded" else {}
    parameters = {
        "k": k, "method": method, "seed": seed, **settings, "units": len(counts.units), "terms": len(counts.terms),
        "vocabulary": {name: _plain(value) for name, value in options.items()},
        **({"seeds": {key: counts.terms[places].tolist() for key, places in seeds.items()}} if seeds else {}),
    }  # fmt: skip
    if resume is not None:
        _check_resume(resume, parameters, counts)
    if method == "nmf":
        fitted = _fit_nmf(matrix, k, settings, progress)
    else:
        fitted = _fit_lda(matrix, k, settings, seed, engine, progress, seeds, resume)
    topic_term, shares, agreement, state, inverse = fitted
    back = np.argsort(order, kind="stable")
    model = TopicModel(
        method, topic_term, shares[back], counts.terms, counts.units, parameters,
        labels=tuple(seeds) + ("",) * (k - len(seeds)), agreement=float(np.mean(agreement)),
        topic_agreement=tuple(map(float, agreement)), finished=state is None, inverse=inverse, state=state or None,
    )  # fmt: skip
    return model if method == "seeded" else _ordered(model)


def as_counts(corpus_or_matrix, **vocabulary) -> TermMatrix:
    """Return what is modelled: a corpus's `topic_counts`, a TermMatrix as it is, a matrix with numbers for names."""
    if strange := sorted(set(vocabulary) - set(VOCABULARY)):
        raise CrossreadError(f"The vocabulary has no setting “{strange[0]}” (it has {', '.join(VOCABULARY)}).")
    if hasattr(corpus_or_matrix, "term_matrix"):
        return topic_counts(corpus_or_matrix, **vocabulary)
    if hasattr(corpus_or_matrix, "units"):
        counts = corpus_or_matrix
    elif sparse.issparse(corpus_or_matrix):
        n_rows, n_terms = corpus_or_matrix.shape
        width = len(str(max(n_terms, n_rows)))
        units = pd.DataFrame({"doc_id": [f"{i:0{width}d}" for i in range(n_rows)]})
        terms = np.array([f"term_{i:0{width}d}" for i in range(n_terms)], dtype=object)
        counts = TermMatrix(corpus_or_matrix, units, terms)
    else:
        raise CrossreadError("Topics are fitted to a corpus, a TermMatrix or a scipy sparse matrix of counts.")
    matrix = sparse.csr_matrix(counts.matrix)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    if matrix.nnz and (matrix.data.min() < 0 or not np.isfinite(matrix.data).all()):
        raise CrossreadError("Topics are fitted to counts: the matrix holds a negative or missing number.")
    units = counts.units.reset_index(drop=True)
    if "n_tokens" not in units:
        units = units.assign(n_tokens=np.asarray(matrix.sum(1)).ravel().astype(np.int64))
    return TermMatrix(matrix, units, np.asarray(counts.terms, dtype=object))


def _check_size(counts: TermMatrix, k: int):
    n_units, n_terms = counts.matrix.shape
    if not n_units or not n_terms:
        raise CrossreadError(
            f"There are no topics in {n_units} units and {n_terms} terms: let fewer terms be left out "
            "(minimum_units=1, minimum_documents=1), or give more text."
        )
    if not isinstance(k, int | np.integer) or k < 1 or k > min(n_units, n_terms):
        raise CrossreadError(
            f"k = {k} topics cannot be fitted to {n_units} units and {n_terms} terms: choose a whole number between 1 "
            f"and {min(n_units, n_terms)}, or let fewer terms be left out (minimum_documents=1)."
        )


def _settings_for(matrix, k, method, given):
    """Return the settings of a fit: those given, and for all others the ones that suit the size."""
    settings = {**DEFAULTS[method], **given}
    large = matrix.nnz * k >= LARGE
    if method == "nmf":
        return {**settings, "sweeps": given.get("sweeps", LARGE_SWEEPS if large else settings["sweeps"])}
    if settings["passes"] is None:
        settings["passes"] = ONLINE["passes"] if large else 0
    return {**settings, **{name: value for name, value in ONLINE.items() if name not in given and settings["passes"]}}


def _check_resume(model, parameters, counts):
    if model.state is None:
        raise CrossreadError("This model has nothing to go on from: only an interrupted lda has.")
    differs = [name for name, value in parameters.items() if model.parameters.get(name) != value]
    if differs or not np.array_equal(model.terms, counts.terms) or not model.units.equals(counts.units):
        raise CrossreadError(
            f"The interrupted fit was another one ({', '.join(differs) or 'other texts'}): give the same texts and "
            "arguments, or fit anew without resume."
        )


def _fit_nmf(matrix, k, settings, progress):
    inverse = nmf.inverse_frequencies(matrix) if settings["weighting"] == "tfidf" else None
    weighted = nmf.weight_counts(matrix, settings["weighting"], inverse)
    factorise = nmf.descend if matrix.nnz * k >= LARGE else nmf.factorise
    w, h, finished = factorise([weighted], k, settings["sweeps"], watch=watched(progress, "topics"))
    topic_term, shares = _as_shares(w[0], h[0])
    return topic_term, shares, np.ones(k), None if finished else {}, inverse


def _as_shares(w, h):
    """Turn loadings into shares: of a topic's weight in each term, of a unit's fitted weight in each topic."""
    sums = h.sum(0)
    topic_term = (h / np.where(sums > 0, sums, 1)).T
    shares = w * sums
    totals = shares.sum(1, keepdims=True)
    return topic_term, np.where(totals > 0, shares / np.where(totals > 0, totals, 1), np.nan)


def _fit_lda(matrix, k, settings, seed, engine, progress, seeds, resume):
    if len(seeds) > k:
        raise CrossreadError(f"k = {k} topics cannot hold {len(seeds)} seeded ones: choose at least {len(seeds)}.")
    before, phis, state = None, [], None
    if resume is not None:
        before, phis = resume.state, list(resume.state["phis"])
    bar = watched(progress, "seeds" if settings["runs"] > 1 else "sweeps")
    runs = range(seed + len(phis), seed + settings["runs"])
    for number in bar(runs) if settings["runs"] > 1 else runs:
        watch = bar if settings["runs"] == 1 else iter
        phi, state = _run_lda(matrix, k, settings, number, engine, seeds, watch, before)
        before = None
        if state is not None:
            state["phis"] = np.array(phis).reshape(len(phis), *phi.shape)
            phis = phis or [phi]
            break
        phis.append(phi)
    chosen, agreement = prototype([phi.T for phi in phis], matched=not seeds)
    phi = phis[chosen]
    shares = lda.infer_shares(
        matrix, phi, alpha=settings["alpha"], engine=engine if engine != "auto" or settings["passes"] else "numpy"
    )
    empty = np.diff(matrix.indptr) == 0
    shares[empty] = np.nan
    return phi.T.copy(), shares, agreement, state, None


def _run_lda(matrix, k, settings, seed, engine="auto", seeds=None, bar=iter, state=None):
    """Run one seed until a sweep gains less than the tolerance; interrupted, return the last whole sweep's state."""
    eta = settings["eta"]
    if seeds:
        eta = np.full((matrix.shape[1], k), eta)
        for topic, places in enumerate(seeds.values()):
            eta[places, topic] += settings["seed_weight"] * matrix.sum()
    options = {"alpha": settings["alpha"], "eta": eta, "seed": seed, "inner": settings["inner"]}
    passes = settings["passes"]
    if passes:
        run = lda.OnlineLDA(matrix, k, **options, passes=passes, engine=engine)
    else:
        run = lda.BatchLDA(matrix, k, **options)
    last = -np.inf
    if state is not None:
        run.state, last = state, float(state["last"][0])
    try:
        for number in bar(range(run.done, settings["sweeps"])):
            likelihood = run.sweep()
            if number > passes and likelihood - last < settings["tolerance"]:
                break
            last = likelihood
    except KeyboardInterrupt:
        return run.phi, {**run.state, "last": np.array([last])}
    return run.phi, None


def seed_terms(lexicon, terms: np.ndarray) -> dict[str, np.ndarray]:
    """Find the terms that the entries of each top-level key name; a joined phrase is one term, written with spaces.

    Examples
    --------
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "fair share"], "talk": ["talks"]})
    >>> found = seed_terms(lexicon, np.array(["costly", "costs", "fair share", "share", "talks"]))
    >>> {key: places.tolist() for key, places in found.items()}
    {'cost': [0, 1, 2], 'talk': [4]}
    """
    from crossread.lexicon.patterns import glob_pattern, sequences

    found: dict[str, set] = {}
    for entry in lexicon:
        places = found.setdefault(entry.key.split(".")[0], set())
        for words in sequences(entry.pattern):
            patterns = [glob_pattern(word) for word in words]
            for place, term in enumerate(terms):
                parts = term.split(" ")
                if len(parts) == len(words) and all(p.fullmatch(x) for p, x in zip(patterns, parts, strict=True)):
                    places.add(place)
    for key, places in found.items():
        if not places:
            raise CrossreadError(
                f"No term of the vocabulary is a word of “{key}”, so no topic can start from it: leave the key out "
                "(lexicon.select), or let fewer terms be left out (minimum_documents=1)."
            )
    return {key: np.array(sorted(places)) for key, places in found.items()}


def top_terms(topic_term: np.ndarray, n: int = TOP) -> np.ndarray:
    """Return the places of each topic's n heaviest terms, a K×n matrix; equal weights stand in the order of the terms.

    Weights are compared to nine digits, so that two machines agree on what is equal.

    Examples
    --------
    >>> top_terms(np.array([[0.2, 0.4, 0.4]]), 2)
    array([[1, 2]])
    """
    rounded = np.round(topic_term / np.maximum(topic_term.max(1, keepdims=True), 1e-300), 9)
    return np.argsort(-rounded, axis=1, kind="stable")[:, :n]


def overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the Jaccard index of the top terms of every topic of one model with every topic of another.

    Parameters
    ----------
    first, second : ndarray of int
        What `top_terms` gave, over one vocabulary.

    Examples
    --------
    >>> overlap(np.array([[0, 1], [2, 3]]), np.array([[1, 2]])).round(3).tolist()
    [[0.333], [0.333]]
    """
    common = (first[:, None, :, None] == second[None, :, None, :]).sum((2, 3))
    return common / (first.shape[1] + second.shape[1] - common)


def match_topics(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Pair the topics of two models so that their top terms agree most, and return each first one's index and partner.

    Returns
    -------
    ndarray
        For every topic of the first model: the Jaccard index with its partner, and the partner's place (-1 for none).

    Notes
    -----
    Greene, O'Callaghan & Cunningham 2014, "How many topics? Stability analysis for topic models", section 3.2, with the
    Jaccard index of sets instead of its average over depths. The pairing is Kuhn's (Hungarian) assignment.

    Examples
    --------
    >>> match_topics(np.array([[0, 1], [2, 3]]), np.array([[3, 2], [0, 4]]))
    array([[0.33333333, 1.        ],
           [1.        , 0.        ]])
    """
    from scipy.optimize import linear_sum_assignment

    scores = overlap(first, second)
    rows, columns = linear_sum_assignment(-scores)
    result = np.column_stack([np.zeros(len(first)), np.full(len(first), -1.0)])
    result[rows] = np.column_stack([scores[rows, columns], columns])
    return result


def prototype(runs: list[np.ndarray], matched: bool = True) -> tuple[int, np.ndarray]:
    """Return the run that agrees best with all others, and for each of its topics the mean agreement with them.

    Parameters
    ----------
    runs : list of ndarray
        K×V weights of each run.
    matched : bool
        Whether topics have first to be paired; seeded ones are already.
    """
    tops = [top_terms(run) for run in runs]
    if len(runs) == 1:
        return 0, np.full(len(tops[0]), np.nan)
    agreement = np.zeros((len(runs), len(runs), len(tops[0])))
    for i, first in enumerate(tops):
        for j, second in enumerate(tops):
            if i != j:
                agreement[i, j] = match_topics(first, second)[:, 0] if matched else np.diag(overlap(first, second))
    means = np.round(agreement.mean(2).sum(1) / (len(runs) - 1), 12)
    chosen = int(means.argmax())
    return chosen, agreement[chosen].sum(0) / (len(runs) - 1)


def _ordered(model: TopicModel) -> TopicModel:
    """Order the topics by their share of all tokens, the largest first."""
    order = np.argsort(-np.round(topic_sizes(model), 9), kind="stable")
    return replace(
        model, topic_term=model.topic_term[order], shares=model.shares[:, order],
        topic_agreement=tuple(np.array(model.topic_agreement)[order].tolist()),
    )  # fmt: skip


def topic_sizes(model: TopicModel) -> np.ndarray:
    """Return each topic's share of the tokens of all units."""
    lengths = model.units["n_tokens"].to_numpy(dtype=float)
    lengths = np.where(np.isnan(model.shares[:, 0]), 0, lengths)
    return np.nan_to_num(model.shares).T @ lengths / max(lengths.sum(), 1)


def topic_terms(model: TopicModel, n: int = TOP, retained: np.ndarray | None = None) -> pd.DataFrame:
    """List the heaviest terms of every topic.

    Parameters
    ----------
    model : TopicModel
        Fitted topics.
    n : int
        Terms per topic.
    retained : ndarray, optional
        K×V shares of resamples in which a term stays among a topic's top ten, from `term_retention`.

    Returns
    -------
    DataFrame
        topic (from 1), rank (from 1), term, weight (share of the topic's weight), retained (share of resamples, 0 to 1;
        not a number where none were drawn).

    Examples
    --------
    >>> counts = sparse.csr_matrix([[2, 2, 0], [3, 3, 0], [0, 0, 4]])
    >>> topic_terms(fit_topics(counts, 2), n=1)
       topic  rank    term  weight  retained
    0      1     1  term_0     0.5       NaN
    1      2     1  term_2     1.0       NaN
    """
    places = top_terms(model.topic_term, n)
    topics, ranks = np.indices(places.shape) + 1
    return pd.DataFrame({
        "topic": topics.ravel(), "rank": ranks.ravel(), "term": model.terms[places.ravel()],
        "weight": model.topic_term[topics.ravel() - 1, places.ravel()],
        "retained": np.nan if retained is None else retained[topics.ravel() - 1, places.ravel()],
    })  # fmt: skip


def topic_shares(model: TopicModel) -> pd.DataFrame:
    """List the share of every topic in every unit.

    Returns
    -------
    DataFrame
        doc_id, segment (-1 where the unit is a whole document), topic (from 1), share (0 to 1).
    """
    n_units, k = model.shares.shape
    segment = model.units["segment"].to_numpy() if "segment" in model.units else np.full(n_units, -1)
    return pd.DataFrame({
        "doc_id": np.repeat(model.units["doc_id"].to_numpy(), k), "segment": np.repeat(segment, k),
        "topic": np.tile(np.arange(1, k + 1), n_units), "share": model.shares.ravel(),
    })  # fmt: skip


def _infer(model, matrix):
    """Return the shares of the topics in rows of counts of the model's terms."""
    if model.method == "nmf":
        weighted = nmf.weight_counts(matrix, model.parameters["weighting"], model.inverse)
        return _as_shares(nmf.fit_loadings(weighted, model.topic_term.T), model.topic_term.T)[1]
    shares = lda.infer_shares(matrix, model.topic_term.T.copy(), alpha=model.parameters["alpha"])
    shares[np.diff(matrix.indptr) == 0] = np.nan
    return shares


def watched(progress: bool, what: str):
    """Return a function that puts a progress bar around an iterable, or leaves it alone."""
    if not progress:
        return iter
    from tqdm.auto import tqdm

    return lambda items: tqdm(items, desc=what)


def _plain(value):
    """Return a setting in a form that can be written down."""
    if hasattr(value, "entries"):
        return value.name
    if isinstance(value, str | int | float | bool | type(None)):
        return value
    return sorted(map(str, value))


def describe_topics(table: pd.DataFrame, labels: Labels) -> str:
    """Say the first words of each topic."""
    words = [f"{topic}: {join_names(rows['term'].head(5))}" for topic, rows in table.groupby("topic", sort=False)]
    return join_sentences([f"Topics by their first words: {'; '.join(words)}"])
