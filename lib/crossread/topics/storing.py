"""Models to files and back, without pickle: opening a stranger's model runs no code. And what other viewers need."""

import hashlib
import json
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.topics.models import DEFAULTS, METHODS, TopicModel, as_counts

FORMAT = "crossread topics 1"
LARGEST = 1 << 32  # bytes of numbers read from one file
DAMAGED = (
    ValueError, KeyError, TypeError, EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
STATE = ("theta", "topics", "done", "last", "phis")


def save_topics(model: TopicModel, path, corpus=None) -> Path:
    """Write a model to one file: its numbers as plain arrays, all else as JSON, zipped.

    Parameters
    ----------
    model : TopicModel
        Fitted topics.
    path : str or Path
        Where to; an existing file is replaced only once the new one is whole.
    corpus : Corpus, optional
        What it was fitted to; the hash of its counts is written along, and `load_topics` can tell other texts by it.

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile
    >>> from scipy import sparse
    >>> from crossread.topics import fit_topics
    >>> model = fit_topics(sparse.csr_matrix([[2, 1, 0], [3, 2, 0], [0, 0, 4]]), 2)
    >>> path = save_topics(model, Path(tempfile.mkdtemp()) / "two.topics")
    >>> bool((load_topics(path).topic_term == model.topic_term).all())
    True
    """
    from importlib.metadata import version

    path = Path(path)
    said = {
        "format": FORMAT, "method": model.method, "parameters": model.parameters, "labels": model.labels,
        "agreement": _number(model.agreement), "topic_agreement": [_number(x) for x in model.topic_agreement],
        "finished": model.finished, "terms": model.terms.tolist(),
        "units": {name: column.tolist() for name, column in model.units.items()},
        "versions": {name: version(name) for name in ("numpy", "scipy", "pandas")},
        "counts_sha256": "" if corpus is None else counts_sha256(corpus),
    }  # fmt: skip
    arrays = {"topic_term": model.topic_term, "shares": model.shares}
    if model.inverse is not None:
        arrays["inverse"] = model.inverse
    for name, array in (model.state or {}).items():
        arrays[f"state_{name}"] = array
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        _write_entry(archive, "model.json", json.dumps(said, ensure_ascii=False, allow_nan=False, indent=1).encode())
        for name, array in arrays.items():
            buffer = BytesIO()
            np.save(buffer, np.ascontiguousarray(array, dtype="<f8"), allow_pickle=False)
            _write_entry(archive, f"{name}.npy", buffer.getvalue())
    part.replace(path)
    return path


def load_topics(path, corpus=None) -> TopicModel:
    """Read a model that `save_topics` wrote; nothing in the file is executed.

    Parameters
    ----------
    path : str or Path
        The file.
    corpus : Corpus, optional
        Refuse a model that was fitted to other texts than these. To apply it to new ones, leave this out.

    Raises
    ------
    CrossreadError
        "x.topics is not a topic model of crossread: …", naming what is missing or does not fit; "x.topics was fitted to
        other texts than “practice” …".
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            said = _read_card(archive)
            arrays = {
                name: np.load(BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
                for name in ("topic_term", "shares", "inverse", *(f"state_{part}" for part in STATE))
                if f"{name}.npy" in archive.namelist()
            }
        terms, units = np.array(said["terms"], dtype=object), pd.DataFrame(said["units"])
        shapes = {"topic_term": (said["parameters"]["k"], len(terms)), "shares": (len(units), said["parameters"]["k"])}
        shapes["inverse"] = (len(terms),)
        k, runs = said["parameters"]["k"], len(arrays.get("state_phis", ()))
        kept = {"theta": (len(units), k), "topics": (len(terms), k), "done": (1,), "last": (1,)}
        shapes |= {f"state_{name}": shape for name, shape in (kept | {"phis": (runs, len(terms), k)}).items()}
        for name, array in arrays.items():
            if array.shape != shapes[name] or array.dtype != np.float64:
                raise ValueError(f"{name} is {array.dtype} of shape {array.shape}, not numbers of shape {shapes[name]}")
        if said["method"] not in METHODS:
            raise ValueError(f"there is no method “{said['method']}”")
        if missing := {"seed", "vocabulary", *DEFAULTS[said["method"]]} - set(said["parameters"]):
            raise ValueError(f"the parameter “{sorted(missing)[0]}” is missing")
        if not all(isinstance(word, str) for word in (*said["terms"], *said["units"]["doc_id"])):
            raise ValueError("a term or the name of a document is not a text")
        if not all(pd.api.types.is_numeric_dtype(units[name]) for name in ("n_tokens", *({"segment"} & set(units)))):
            raise ValueError("the tokens or segments of its units are not numbers")
        model = TopicModel(
            said["method"], arrays["topic_term"], arrays["shares"], terms, units, said["parameters"],
            labels=tuple(said["labels"]), agreement=_float(said["agreement"]),
            topic_agreement=tuple(map(_float, said["topic_agreement"])), finished=said["finished"],
            inverse=arrays.get("inverse"), state=_state(arrays),
        )  # fmt: skip
    except FileNotFoundError:
        raise CrossreadError(f"There is no file {path}.") from None
    except DAMAGED as problem:
        raise CrossreadError(f"{path.name} is not a topic model of crossread: {problem}.") from None
    if corpus is not None and said.get("counts_sha256") != counts_sha256(corpus):
        raise CrossreadError(
            f"{path.name} was fitted to other texts than “{corpus.name}”, or was saved without them: fit it again, or "
            "leave out corpus= to apply it to new texts."
        )
    return model


def _read_card(archive) -> dict:
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
        raise ValueError("it unpacks to more than 4 GB")
    said = json.loads(archive.read("model.json"))
    if said["format"] != FORMAT:
        raise ValueError(f"its format is “{said['format']}”, this version reads “{FORMAT}”")
    return {**said, "versions": dict(said.get("versions", {}))}


def counts_sha256(corpus) -> str:
    """Return a hash of the counts of a corpus, the same with and without its texts."""
    return hashlib.sha256(corpus.counts.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def describe_model(model_or_path) -> pd.DataFrame:
    """Return the run card of a model: everything that has to be reported with it.

    Parameters
    ----------
    model_or_path : TopicModel, str or Path
        A fitted model, or the file of one: that also says which versions made it, and of which counts.

    Returns
    -------
    DataFrame
        item, value (as text): method, k, units, terms, vocabulary rule, priors, sweeps, seeds and their agreement,
        whether it finished; of a file also the versions and the hash of the corpus's counts (blank where it was saved
        without a corpus).

    Notes
    -----
    The list is that of Maier et al. 2018, "Applying LDA topic modeling in communication research", table 1.
    """
    model = model_or_path if isinstance(model_or_path, TopicModel) else load_topics(model_or_path)
    rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in model.parameters.items()]
    rows += [("agreement between seeds", f"{model.agreement:.3f}"), ("finished", "yes" if model.finished else "no")]
    if model is not model_or_path:
        with zipfile.ZipFile(model_or_path) as archive:
            said = _read_card(archive)
        rows += [(f"version of {name}", value) for name, value in said["versions"].items()]
        rows.append(("counts_sha256", said.get("counts_sha256", "")))
    return pd.DataFrame(rows, columns=["item", "value"])


def export_pyldavis(model: TopicModel, corpus_or_matrix) -> dict:
    """Return the inputs of pyLDAvis's `prepare`, in the model's own order of topics.

    Parameters
    ----------
    model : TopicModel
        Fitted topics.
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.

    Returns
    -------
    dict
        topic_term_dists (K×V, rows sum to 1), doc_topic_dists (N×K, rows sum to 1), doc_lengths (tokens of the
        vocabulary), vocab, term_frequency, and sort_topics=False with start_index=1, so that pyLDAvis's numbers are the
        model's: `pyLDAvis.prepare(**export_pyldavis(model, corpus))`. Units that no topic fits are left out.

    Notes
    -----
    Distances between circles there are not findings; see `plot_topic_map`.
    """
    from crossread.topics.stability import _check_same_terms, _vocabulary_of

    counts = as_counts(corpus_or_matrix, **_vocabulary_of(model, corpus_or_matrix))
    _check_same_terms(counts, model)
    kept = ~np.isnan(model.shares[:, 0])
    smooth = model.topic_term + 1e-12
    shares = model.shares[kept]
    return {
        "topic_term_dists": smooth / smooth.sum(1, keepdims=True),
        "doc_topic_dists": shares / shares.sum(1, keepdims=True),
        "doc_lengths": np.asarray(counts.matrix[kept].sum(1)).ravel().astype(int),
        "vocab": model.terms.tolist(),
        "term_frequency": np.asarray(counts.matrix[kept].sum(0)).ravel().astype(int),
        "sort_topics": False,
        "start_index": 1,
    }


def _state(arrays):
    found = {name: arrays[f"state_{name}"] for name in STATE if f"state_{name}" in arrays}
    if found and len(found) < len(STATE):
        raise ValueError("the state of its interrupted fit is not whole")
    return found or None


def _write_entry(archive, name, content):
    archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def _number(value):
    return None if value != value else float(value)


def _float(value):
    return float("nan") if value is None else float(value)
