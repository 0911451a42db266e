"""How well a lexicon agrees with people who read the sentences: scores, agreement of coders, corrected shares.

Codes are a table with one row per sentence and coder: doc_id, sentence_id, coder, and one column per theme with
0 (no), 1 (weak) or 2 (core). A sentence is *positive* for a theme when the mean code of its coders reaches the
threshold, 1 by default: one clear "core" or two "weak" make a positive, a single "weak" does not.
"""

import math

import numpy as np
import pandas as pd

from crossread.corpus.tables import HITS, check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import keys_of
from crossread.measure.resampling import LEVEL, exact_limits
from crossread.wording import Labels, join_sentences

VALIDATION = (
    "key", "entry", "true_positive", "false_positive", "false_negative",
    "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high",
    "f1", "f1_low", "f1_high", "n_coded", "coder",
)  # fmt: skip
CODES = ("doc_id", "sentence_id", "coder")
AGREEMENT = ("key", "alpha", "low", "high", "n_coded", "coders")
CORRECTED = (
    "doc_id", "key", "n_sentences", "share", "share_low", "share_high",
    "sensitivity", "specificity", "corrected", "corrected_low", "corrected_high", "withheld",
)  # fmt: skip
NOT_THEMES = (*CODES, "codebook")  # columns of a code table that are no themes
NOT_VALIDATED = "not validated here"
RELIABLE = 0.667
WEAKEST = 0.3


def read_codes(corpus):
    """Return the codes of a corpus, or None where nobody has coded it.

    Looked for are codes.csv in the folder of the corpus, codes.csv beside all corpora if it codes sentences of
    this one, and the codes-NAME.csv that the coding widget writes into the folder of the corpus.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    DataFrame or None
        One row per sentence and coder: doc_id, sentence_id, coder, one column per theme (0, 1, 2), and
        `codebook` if the widget wrote it.

    Raises
    ------
    CrossreadError
        "codes.csv: there is no sentence “…” in the corpus “…”."

    Examples
    --------
    >>> from crossread import from_texts
    >>> read_codes(from_texts({"a": "Allies pay."})) is None
    True
    """
    if corpus.folder is None:
        return None
    known = set(corpus.sentences.index)
    own, shared = corpus.folder / "codes.csv", corpus.folder.parent / "codes.csv"
    if own.is_file():
        codes, path = pd.read_csv(own, dtype={"coder": str}), own
    elif shared.is_file() and (codes := pd.read_csv(shared, dtype={"coder": str}))["sentence_id"].isin(known).any():
        path = shared
    else:
        paths = sorted(corpus.folder.glob("codes-*.csv"))
        if not paths:
            return None
        codes, path = pd.concat([pd.read_csv(one, dtype={"coder": str}) for one in paths], ignore_index=True), paths[0]
    check_columns(codes, CODES, path.name)
    unknown = codes.loc[~codes["sentence_id"].isin(known), "sentence_id"]
    if len(unknown):
        raise CrossreadError(f"{path.name}: there is no sentence “{unknown.iloc[0]}” in the corpus “{corpus.name}”.")
    return codes


def merge_codes(codes, keys=None, *, threshold=1.0):
    """Return which coded sentences are positive for which theme.

    Parameters
    ----------
    codes : DataFrame
        One row per sentence and coder: doc_id, sentence_id, coder, one column per theme with 0, 1 or 2.
    keys : sequence of str, optional
        Themes; all columns but those three and `codebook` by default.
    threshold : float
        Lowest mean code of a positive: 1 by default, 0.5 to let a single "weak" count, 2 for "core" by all coders.

    Returns
    -------
    DataFrame
        One row per sentence (index sentence_id) and one column of True and False per theme.

    Raises
    ------
    CrossreadError
        "the codes: … is coded twice by …", "the codes: … in column “…” is not 0, 1 or 2".

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-1"], "coder": ["x", "y"], "cost": [1, 0]})
    >>> bool(merge_codes(codes).loc["a-1", "cost"]), bool(merge_codes(codes, threshold=0.5).loc["a-1", "cost"])
    (False, True)
    """
    check_columns(codes, CODES, "the codes")
    keys = [name for name in codes.columns if name not in NOT_THEMES] if keys is None else list(keys)
    check_columns(codes, tuple(keys), "the codes")
    twice = codes[codes.duplicated(["sentence_id", "coder"])]
    if len(twice):
        raise CrossreadError(
            f"the codes: {twice.iloc[0]['sentence_id']} is coded twice by {twice.iloc[0]['coder']}; keep one row."
        )
    for key in keys:
        wrong = ~codes[key].isin([0, 1, 2])
        if wrong.any():
            raise CrossreadError(f"the codes: {codes.loc[wrong, key].iloc[0]} in column “{key}” is not 0, 1 or 2.")
    return codes.groupby("sentence_id", sort=False)[keys].mean() >= threshold


def _score_rows(key, entries, caught, positive, coder, level):
    # caught: sentences x entries; positive: sentences
    true = (caught & positive[:, None]).sum(0)
    false = (caught & ~positive[:, None]).sum(0)
    missed = positive.sum() - true
    limits = {}
    for name, part, whole in (
        ("precision", true, true + false),
        ("recall", true, true + missed),
        ("f1", true, true + false + missed),
    ):
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(whole > 0, true / whole, np.nan)
        low, high = exact_limits(part, np.maximum(whole, 1), share=True, level=level)
        low, high = np.where(whole > 0, low, np.nan), np.where(whole > 0, high, np.nan)
        if name == "f1":  # F1 = 2J / (1 + J), J = the share of all sentences in play that are true positives
            value, low, high = (2 * part / (1 + part) for part in (value, low, high))
        limits |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(
        {
            "key": key,
            "entry": entries,
            "true_positive": true,
            "false_positive": false,
            "false_negative": missed,
            **limits,
            "n_coded": len(positive),
            "coder": coder,
        }
    )


def _caught(hits, sentence_ids, names, column):
    row_of = {sentence: number for number, sentence in enumerate(sentence_ids)}
    column_of = {name: number for number, name in enumerate(names)}
    caught = np.zeros((len(sentence_ids), len(names)), dtype=bool)
    kept = hits[hits["sentence_id"].isin(row_of) & hits[column].isin(names)]
    caught[kept["sentence_id"].map(row_of).to_numpy(int), kept[column].astype(str).map(column_of).to_numpy(int)] = True
    return caught


def validate_lexicon(hits, codes, *, coder=None, threshold=1.0, entries=True, level=LEVEL):
    """Return precision, recall and F1 of each theme, and of each entry, against codes.

    A sentence with at least one hit is called by the lexicon; hits in sentences that nobody coded are left
    aside. Limits are exact (Clopper and Pearson); those of F1 follow from the share J of true positives among
    all sentences that are called or positive, F1 = 2J / (1 + J). If the lexicon was tuned on these codes, quote
    `cross_validate` instead.

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`. Themes that are not coded are left out.
    codes : DataFrame or None
        As `merge_codes`. Without codes (None) each theme gets a row without numbers that says "not validated here".
    coder : str, optional
        Take this coder alone for the truth; all coders together by default.
    threshold : float
        Lowest mean code of a positive sentence.
    entries : bool
        Whether each entry gets a row too. The recall of an entry is its part of all positives.
    level : float
        Coverage of the limits.

    Returns
    -------
    DataFrame
        One row per theme, then its entries: key; entry (blank for the whole theme); true_positive,
        false_positive, false_negative (sentences); precision, recall, f1 (0 to 1) each with _low and _high;
        n_coded (sentences); coder.

    Raises
    ------
    CrossreadError
        "the codes have no coder “…” (they have …)."
        "none of the themes … is a column of the codes."

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26, 404-413.

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"], "lexicon": "toy", "key": "cost",
    ...                      "entry": ["cost", "pay"], "start_token": 0, "end_token": 1})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2", "a-3"], "coder": "x", "cost": [2, 0, 2]})
    >>> validate_lexicon(hits, codes)[["entry", "precision", "recall", "f1"]].values.tolist()
    [['', 0.5, 0.5, 0.5], ['cost', 1.0, 0.5, 0.6666666666666666], ['pay', 0.0, 0.0, 0.0]]
    """
    check_columns(hits, HITS, "the hits")
    if codes is None or codes.empty:
        table = pd.DataFrame({"key": keys_of(hits)}).reindex(columns=list(VALIDATION))
        return table.assign(entry="", n_coded=0, coder=NOT_VALIDATED)
    codes, keys = _chosen(hits, codes, coder)
    gold = merge_codes(codes, keys, threshold=threshold)
    coders = ", ".join(dict.fromkeys(codes["coder"].astype(str)))
    tables = []
    for key in keys:
        own = hits[hits["key"] == key]
        positive = gold[key].to_numpy()
        whole = _caught(own.assign(entry=""), gold.index, [""], "entry")
        tables.append(_score_rows(key, [""], whole, positive, coders, level))
        names = sorted(set(own["entry"]))
        if entries and names:
            tables.append(_score_rows(key, names, _caught(own, gold.index, names, "entry"), positive, coders, level))
    return pd.concat(tables, ignore_index=True)[list(VALIDATION)]


def _chosen(hits, codes, coder):
    check_columns(codes, CODES, "the codes")
    if coder is not None:
        known = sorted(set(codes["coder"].astype(str)))
        if coder not in known:
            raise CrossreadError(f"the codes have no coder “{coder}” (they have {', '.join(known)}).")
        codes = codes[codes["coder"].astype(str) == coder]
    keys = [key for key in keys_of(hits) if key in codes.columns]
    if not keys:
        raise CrossreadError(f"none of the themes {', '.join(keys_of(hits))} is a column of the codes.")
    return codes, keys


def validation_note(validation, key):
    """Return the sentence that goes with every number of a theme: its scores, or "not validated here".

    Examples
    --------
    >>> hits = pd.DataFrame(columns=["doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token"])
    >>> hits["key"] = pd.Categorical([], categories=["cost"])
    >>> validation_note(validate_lexicon(hits, None), "cost")
    'cost: not validated here'
    """
    row = validation[(validation["key"] == key) & (validation["entry"] == "")]
    if row.empty or not row.iloc[0]["n_coded"]:
        return f"{key}: {NOT_VALIDATED}"
    row = row.iloc[0]
    parts = []
    for name in ("precision", "recall", "f1"):
        value = (
            "unknown"
            if math.isnan(row[name])
            else f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})"
        )
        parts.append(f"{'F1' if name == 'f1' else name} {value}")
    return f"{key}: {', '.join(parts)}, on {row['n_coded']} sentences coded by {row['coder']}"


def list_errors(hits, codes, sentences=None, *, coder=None, threshold=1.0):
    """Return the sentences that the lexicon calls wrongly, and those that it misses.

    Parameters
    ----------
    hits, codes, coder, threshold
        As in `validate_lexicon`.
    sentences : DataFrame, optional
        `Corpus.sentences`; their text is added where it is attached.

    Returns
    -------
    DataFrame
        One row per theme and sentence: key; sentence_id; error ("false positive" or "miss"); entries (that
        fired, joined with "; "); mean_code (of the coders, 0 to 2); text, if `sentences` has it.

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1"], "lexicon": "toy", "key": "cost",
    ...                      "entry": ["pay"], "start_token": 0, "end_token": 1})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"], "coder": "x", "cost": [0, 2]})
    >>> list_errors(hits, codes)[["sentence_id", "error", "entries"]].values.tolist()
    [['a-1', 'false positive', 'pay'], ['a-2', 'miss', '']]
    """
    check_columns(hits, HITS, "the hits")
    if codes is None:
        return pd.DataFrame(columns=["key", "sentence_id", "error", "entries", "mean_code"])
    codes, keys = _chosen(hits, codes, coder)
    gold = merge_codes(codes, keys, threshold=threshold)
    means = codes.groupby("sentence_id", sort=False)[keys].mean()
    rows = []
    for key in keys:
        fired = (
            hits[hits["key"] == key].groupby("sentence_id")["entry"].agg(lambda column: "; ".join(sorted(set(column))))
        )
        for sentence in gold.index[gold[key].to_numpy() != gold.index.isin(fired.index)]:
            called = sentence in fired.index
            error = "false positive" if called else "miss"
            rows.append((key, sentence, error, fired[sentence] if called else "", means.at[sentence, key]))
    table = pd.DataFrame(rows, columns=["key", "sentence_id", "error", "entries", "mean_code"])
    if sentences is not None and "text" in sentences.columns:
        table["text"] = table["sentence_id"].map(sentences["text"])
    return table


def cross_validate(hits, codes, *, coder=None, threshold=1.0, folds=10, lowest_precision=0.5, seed=0, level=LEVEL):
    """Return scores on sentences that had no say in the choice of entries.

    The coded sentences are dealt into folds. For each fold the entries are chosen anew on the other folds
    (those with at least one true positive there and a precision of `lowest_precision` or more, or never seen
    there) and scored on the fold. What `validate_lexicon` shows above this is owed to choosing entries on the
    very codes they are scored on. Words that only occurred to someone because they had read these sentences are
    not found out in this way: for that, keep codes back.

    Parameters
    ----------
    hits, codes, coder, threshold, level
        As in `validate_lexicon`.
    folds : int
        Parts into which the sentences are dealt.
    lowest_precision : float
        An entry with a lower precision on the other folds is dropped.
    seed : int
        Where the random numbers start.

    Returns
    -------
    DataFrame
        Columns as `validate_lexicon`, one row per theme; the entry column is blank.

    Raises
    ------
    CrossreadError
        "… folds need at least as many coded sentences (there are …)."

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"], "lexicon": "toy", "key": "cost",
    ...                      "entry": ["cost", "pay"], "start_token": 0, "end_token": 1})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2", "a-3"], "coder": "x", "cost": [2, 0, 2]})
    >>> cross_validate(hits, codes, folds=3)[["true_positive", "false_positive", "false_negative"]].values.tolist()
    [[1, 1, 1]]
    """
    if codes is None or codes.empty:
        return validate_lexicon(hits, None)
    check_columns(hits, HITS, "the hits")
    codes, keys = _chosen(hits, codes, coder)
    gold = merge_codes(codes, keys, threshold=threshold)
    if not 2 <= folds <= len(gold):
        raise CrossreadError(
            f"{folds} folds need at least as many coded sentences (there are {len(gold)}), and at least two."
        )
    fold = np.random.default_rng(seed).permutation(np.arange(len(gold)) % folds)
    coders = ", ".join(dict.fromkeys(codes["coder"].astype(str)))
    tables = []
    for key in keys:
        own = hits[hits["key"] == key]
        names = sorted(set(own["entry"]))
        caught, positive = _caught(own, gold.index, names, "entry"), gold[key].to_numpy()
        called = np.zeros(len(gold), dtype=bool)
        for number in range(folds):
            held = fold == number
            fired = caught[~held].sum(0)
            right = (caught[~held] & positive[~held, None]).sum(0)
            kept = (fired == 0) | ((right > 0) & (right >= lowest_precision * fired))
            called[held] = caught[held][:, kept].any(axis=1)
        tables.append(_score_rows(key, [""], called[:, None], positive, coders, level))
    return pd.concat(tables, ignore_index=True)[list(VALIDATION)]


def _coincidences(ratings):
    # per unit the V x V coincidences of Krippendorff 2011, step B
    values = np.unique(ratings[~np.isnan(ratings)])
    tally = np.stack([(ratings == value).sum(1) for value in values], axis=1).astype(float)
    coders = tally.sum(1)
    pairs = tally[:, :, None] * tally[:, None, :] - tally[:, :, None] * np.eye(len(values))
    with np.errstate(divide="ignore", invalid="ignore"):
        return values, np.where(coders[:, None, None] > 1, pairs / (coders - 1)[:, None, None], 0.0)


def _alpha(coincidences, values, metric):
    totals = coincidences.sum(-1)
    if metric == "nominal":
        distance = np.broadcast_to(1 - np.eye(len(values)), coincidences.shape)
    elif metric == "interval":
        distance = np.broadcast_to((values[:, None] - values) ** 2, coincidences.shape)
    else:
        upto = np.cumsum(totals, axis=-1)
        between = np.abs(upto[..., None, :] - upto[..., :, None])
        # the ranks from c to k: all between, half of each end
        first = np.where(
            np.arange(len(values))[:, None] < np.arange(len(values)), totals[..., :, None], totals[..., None, :]
        )
        last = np.where(
            np.arange(len(values))[:, None] < np.arange(len(values)), totals[..., None, :], totals[..., :, None]
        )
        distance = np.where(np.eye(len(values)) > 0, 0, between + first - (first + last) / 2) ** 2
    n = totals.sum(-1)
    observed = (coincidences * distance).sum((-2, -1))
    expected = (totals[..., :, None] * totals[..., None, :] * distance).sum((-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def krippendorff_alpha(ratings, *, metric="ordinal", draws=2000, seed=0, level=LEVEL):
    """Return Krippendorff's alpha with bootstrap limits.

    Parameters
    ----------
    ratings : array of float, units x coders
        Codes; missing ones are nan. Units with a single code do not count.
    metric : "ordinal", "nominal" or "interval"
        How far apart two codes are.
    draws, seed : int
        Samples of units and where the random numbers start.
    level : float
        Coverage of the percentile limits.

    Returns
    -------
    alpha, low, high : float
        1 is perfect agreement, 0 chance; nan if all codes are the same.

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, Annenberg School for Communication (University of
    Pennsylvania); Krippendorff 2019, Content Analysis, 4th edition, chapter 12.

    Examples
    --------
    >>> [round(value, 2) for value in krippendorff_alpha(np.array([[0, 0], [1, 1], [2, 1], [0, 0], [2, 2]]))]
    [0.89, 0.2, 1.0]
    """
    ratings = np.asarray(ratings, float)
    if metric not in ("ordinal", "nominal", "interval"):
        raise CrossreadError(f"The metric “{metric}” is not known; use “ordinal”, “nominal” or “interval”.")
    values, by_unit = _coincidences(ratings)
    if not by_unit.sum():
        return float("nan"), float("nan"), float("nan")
    alpha = float(_alpha(by_unit.sum(0), values, metric))
    kept = by_unit[by_unit.sum((1, 2)) > 0]
    weights = np.random.default_rng(seed).multinomial(len(kept), np.full(len(kept), 1 / len(kept)), size=draws)
    drawn = _alpha(np.tensordot(weights.astype(float), kept, axes=1), values, metric)
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return alpha, float("nan"), float("nan")
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return alpha, float(low), float(high)


def measure_agreement(codes, keys=None, *, draws=2000, seed=0, level=LEVEL):
    """Return how well the coders agree on each theme.

    Parameters
    ----------
    codes : DataFrame
        As `merge_codes`.
    keys : sequence of str, optional
        Themes; all by default.
    draws, seed, level
        As in `krippendorff_alpha`.

    Returns
    -------
    DataFrame
        One row per theme: key; alpha (ordinal; 1 is perfect, 0 chance; missing with one coder); low, high;
        n_coded (sentences coded at least twice); coders (their names).

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"] * 2,
    ...                       "coder": list("xxyy"), "cost": [0, 2, 0, 2]})
    >>> measure_agreement(codes)[["key", "alpha", "n_coded", "coders"]].values.tolist()
    [['cost', 1.0, 2, 'x, y']]
    """
    if codes is None:
        return pd.DataFrame(columns=list(AGREEMENT))
    check_columns(codes, CODES, "the codes")
    keys = [name for name in codes.columns if name not in NOT_THEMES] if keys is None else list(keys)
    rows = []
    for key in keys:
        ratings = codes.pivot(index="sentence_id", columns="coder", values=key).to_numpy(float)
        alpha, low, high = krippendorff_alpha(ratings, draws=draws, seed=seed, level=level)
        n_coded = int(((~np.isnan(ratings)).sum(1) > 1).sum())
        rows.append((key, alpha, low, high, n_coded, ", ".join(sorted(set(codes["coder"].astype(str))))))
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def positives_needed(recall, margin=0.1, *, level=LEVEL):
    """Return how many positive sentences must be coded to know a recall to within `margin`.

    Examples
    --------
    >>> positives_needed(0.8)
    62
    """
    z = 1.959963984540054
    if level != LEVEL:
        from scipy.stats import norm

        z = float(norm.ppf((1 + level) / 2))
    return math.ceil(z**2 * recall * (1 - recall) / margin**2)


def sentences_needed(hits, codes, *, margin=0.1, threshold=1.0, level=LEVEL):
    """Return how many sentences must be coded to know each theme's recall to within `margin`.

    Parameters
    ----------
    hits, codes, threshold, level
        As in `validate_lexicon`.
    margin : float
        Half the width of the wanted limits.

    Returns
    -------
    DataFrame
        One row per theme: key; recall; prevalence (share of coded sentences that are positive); positives
        (positive sentences needed, z² p (1 - p) / d²); sentences (all sentences to code until so many positives
        turn up); n_coded (coded so far).

    References
    ----------
    Cochran 1977, Sampling Techniques, 3rd edition, p. 75.

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1"], "lexicon": "toy", "key": "cost",
    ...                      "entry": ["cost"], "start_token": 0, "end_token": 1})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2", "a-3", "a-4"],
    ...                       "coder": "x", "cost": [2, 2, 0, 0]})
    >>> sentences_needed(hits, codes)[["recall", "positives", "sentences"]].values.tolist()
    [[0.5, 97.0, 194.0]]
    """
    scores = validate_lexicon(hits, codes, threshold=threshold, entries=False)
    rows = []
    for row in scores[scores["n_coded"] > 0].itertuples():
        found = row.true_positive + row.false_negative
        # a recall of 0 or 1 in few sentences is not known to be 0 or 1: take half a sentence off
        recall = min(max(row.recall, 0.5 / found), 1 - 0.5 / found) if found else 0.5
        prevalence = found / row.n_coded if row.n_coded else 0.0
        positives = positives_needed(recall, margin, level=level)
        wanted = math.ceil(positives / prevalence) if prevalence else math.nan
        rows.append((row.key, row.recall, prevalence, positives, wanted, row.n_coded))
    return pd.DataFrame(rows, columns=["key", "recall", "prevalence", "positives", "sentences", "n_coded"])


def corrected_shares(rates, hits, codes, *, coder=None, threshold=1.0, draws=20000, seed=0, level=LEVEL):
    """Return the share of sentences on each theme, raw and corrected for what the lexicon misses and calls wrongly.

    The corrected share is (share + specificity - 1) / (sensitivity + specificity - 1), kept between 0 and 1.
    Its limits draw sensitivity, specificity and share from Jeffreys posteriors, the share with the effective
    number of sentences that its own limits imply. It assumes that the lexicon errs alike in all documents.
    Where sensitivity + specificity - 1 is under 0.3 the lexicon knows too little and the correction is
    withheld, as it is without codes.

    Parameters
    ----------
    rates : DataFrame
        From `themes.theme_rates`.
    hits, codes, coder, threshold
        As in `validate_lexicon`.
    draws, seed : int
        Samples for the limits and where the random numbers start.
    level : float
        Coverage.

    Returns
    -------
    DataFrame
        One row per document and coded theme: doc_id; key; n_sentences; share, share_low, share_high (raw, 0 to
        1); sensitivity, specificity (0 to 1, from the codes of all documents); corrected, corrected_low,
        corrected_high (0 to 1, missing where withheld); withheld (True or False).

    References
    ----------
    Rogan and Gladen 1978, American Journal of Epidemiology 107, 71-76.

    Examples
    --------
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> hits, sentences = _toy()
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-000", "a-001", "b-000"],
    ...                       "coder": "x", "cost": [2, 0, 2]})
    >>> table = corrected_shares(theme_rates(hits, sentences), hits, codes)
    >>> table[["doc_id", "share", "corrected"]].round(2).values.tolist()
    [['a', 0.67, 1.0], ['b', 0.0, 0.0]]
    """
    if codes is None or codes.empty:
        table = rates.reindex(columns=list(CORRECTED)).assign(withheld=True)
        return table.reset_index(drop=True)
    codes, keys = _chosen(hits, codes, coder)
    gold = merge_codes(codes, keys, threshold=threshold)
    generator = np.random.default_rng(seed)
    rows = []
    for key in keys:
        called = _caught(hits[hits["key"] == key].assign(entry=""), gold.index, [""], "entry")[:, 0]
        positive = gold[key].to_numpy()
        caught, n_positive = int((called & positive).sum()), int(positive.sum())
        passed, n_negative = int((~called & ~positive).sum()), int((~positive).sum())
        sensitivity = caught / n_positive if n_positive else math.nan
        specificity = passed / n_negative if n_negative else math.nan
        youden = sensitivity + specificity - 1
        withheld = not youden >= WEAKEST
        drawn_sensitivity = generator.beta(caught + 0.5, n_positive - caught + 0.5, draws)
        drawn_specificity = generator.beta(passed + 0.5, n_negative - passed + 0.5, draws)
        for row in rates[rates["key"] == key].itertuples():
            n = _effective(row)
            drawn = (
                generator.beta(row.share * n + 0.5, (1 - row.share) * n + 0.5, draws) if n else np.full(draws, np.nan)
            )
            corrected = low = high = math.nan
            if not withheld and n:
                corrected = min(max((row.share + specificity - 1) / youden, 0.0), 1.0)
                power = np.maximum(drawn_sensitivity + drawn_specificity - 1, 1e-6)
                values = np.clip((drawn + drawn_specificity - 1) / power, 0, 1)
                low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
                low, high = min(low, corrected), max(high, corrected)
            rows.append(
                (row.doc_id, key, row.n_sentences, row.share, row.share_low, row.share_high,
                 sensitivity, specificity, corrected, low, high, withheld)
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(CORRECTED))
    order = {doc: number for number, doc in enumerate(dict.fromkeys(rates["doc_id"]))}
    return table.sort_values("doc_id", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def _effective(row):
    # sentences that, if independent, would give limits as wide as the row's
    if not row.n_sentences:
        return 0.0
    if row.share in (0.0, 1.0):
        edge = row.share_high if row.share == 0.0 else 1 - row.share_low
        return min(row.n_sentences, math.log(0.025) / math.log1p(-min(edge, 1 - 1e-9)))
    width = (row.share_high - row.share_low) / (2 * 1.959963984540054)
    return float(np.clip(row.share * (1 - row.share) / width**2, 1.0, row.n_sentences))


def check_length(rates, validation_by_document=None):
    """Return whether scores merely follow the length of the documents.

    Parameters
    ----------
    rates : DataFrame
        From `themes.theme_rates`.
    validation_by_document : DataFrame, optional
        From `score_documents`; adds a row per theme for F1 against length.

    Returns
    -------
    DataFrame
        One row per theme and score: key; score ("per_1000", "share" or "f1"); spearman (rank correlation with
        n_tokens, -1 to 1); p (exact permutation p-value, two-sided); n_documents. With five documents p is
        never under 1/60: only a very close tie to length can be seen at all.

    References
    ----------
    Spearman 1904, American Journal of Psychology 15, 72-101.

    Examples
    --------
    >>> rates = pd.DataFrame({"key": "cost", "n_tokens": [10, 20, 30, 40],
    ...                       "per_1000": [1, 2, 3, 4], "share": [4, 2, 3, 1]})
    >>> check_length(rates)[["score", "spearman", "p"]].round(2).values.tolist()
    [['per_1000', 1.0, 0.08], ['share', -0.8, 0.33]]
    """
    parts = [(rates, "per_1000"), (rates, "share")]
    if validation_by_document is not None and len(validation_by_document):
        parts.append((validation_by_document, "f1"))
    rows = []
    for table, score in parts:
        for key, own in table.groupby("key", sort=False):
            own = own.dropna(subset=[score])
            rho, p = _spearman(own["n_tokens"].to_numpy(float), own[score].to_numpy(float))
            rows.append((key, score, rho, p, len(own)))
    return pd.DataFrame(rows, columns=["key", "score", "spearman", "p", "n_documents"])


def _spearman(first, second):
    from itertools import permutations

    from scipy.stats import rankdata

    n = len(first)
    if n < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return math.nan, math.nan
    ranks, others = rankdata(first), rankdata(second)
    ranks, others = (ranks - ranks.mean()) / ranks.std(), (others - others.mean()) / others.std()
    rho = float((ranks * others).mean())
    if n <= 8:
        orders = np.array(list(permutations(range(n))))
    else:
        orders = np.argsort(np.random.default_rng(0).random((20000, n)), axis=1)
    return rho, float((np.abs((ranks * others[orders]).mean(1)) >= abs(rho) - 1e-9).mean())


def score_documents(hits, codes, sentences, *, coder=None, threshold=1.0, level=LEVEL):
    """Return the scores of each theme within each document.

    Parameters
    ----------
    hits, codes, coder, threshold, level
        As in `validate_lexicon`.
    sentences : DataFrame
        `Corpus.sentences`, for the documents' order and length.

    Returns
    -------
    DataFrame
        One row per document and theme: doc_id; n_tokens (tokens of its body); then the columns of `validate_lexicon`.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> hits, sentences = _toy()
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-000", "a-001"], "coder": "x", "cost": [2, 2]})
    >>> score_documents(hits, codes, sentences)[["doc_id", "n_tokens", "recall"]].values.tolist()
    [['a', 60, 0.5]]
    """
    if codes is None:
        return pd.DataFrame(columns=["doc_id", "n_tokens", *VALIDATION])
    body = sentences[sentences["kind"] == "body"].groupby("doc_id", sort=False)["n_tokens"].sum()
    tables = []
    for doc in dict.fromkeys(sentences["doc_id"]):
        own = codes[codes["doc_id"] == doc]
        if len(own):
            scores = validate_lexicon(hits, own, coder=coder, threshold=threshold, entries=False, level=level)
            scores.insert(0, "doc_id", doc)
            scores.insert(1, "n_tokens", int(body.get(doc, 0)))
            tables.append(scores)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["doc_id", "n_tokens", *VALIDATION])


def describe_scores(table: pd.DataFrame, labels: Labels) -> str:
    """Say what the lexicon finds of what the coders marked, theme by theme, and who coded."""
    if table.empty or table["n_coded"].max() == 0:
        return f"The lexicon is {NOT_VALIDATED}: nobody has coded these sentences."
    scores = [
        f"{labels.theme(row.key)}: precision {row.precision:.2f}, recall {row.recall:.2f}, F1 {row.f1:.2f}"
        for row in table.itertuples()
    ]
    coded = table.iloc[0]
    return join_sentences([*scores, f"{coded['n_coded']} sentences, coded by {coded['coder']}"])
