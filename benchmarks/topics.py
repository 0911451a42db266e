"""Time and held-out quality of topic models on a corpus of at least 10,000 documents.

    python benchmarks/topics.py                      # a corpus with planted topics, made here
    python benchmarks/topics.py --folder FOLDER      # its .txt, .md, .rst and .html files, in documents of 150 words
    python benchmarks/topics.py --methods "crossread,tomotopy 200" --documents 12000 --topics 20

Each method sees the same training counts. Quality is the log-likelihood per word of the second half of each held-out
document's words, its topic shares estimated from the first half, by one and the same estimator for every method
(document completion; Wallach, Murray, Salakhutdinov & Mimno 2009, "Evaluation methods for topic models", ICML).
"""

import argparse
import contextlib
import importlib.util
import json
import multiprocessing
import os
import shutil
import subprocess
import tempfile
import time
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse


def planted_corpus(documents=12_000, terms=15_000, topics=20, length=140, alpha=0.1, seed=0):
    """Draw documents from planted topics over a Zipf vocabulary: an N×V matrix of counts and the K×V topics."""
    generator = np.random.default_rng(seed)
    zipf = 1 / (np.arange(terms) + 2.7)
    zipf /= zipf.sum()
    planted = generator.gamma(np.tile(zipf * terms * 0.05, (topics, 1)) + 1e-3)
    planted = 0.6 * planted / planted.sum(1, keepdims=True) + 0.4 * zipf
    lengths = np.maximum(20, generator.lognormal(np.log(length), 0.6, documents)).astype(int)
    shares = generator.dirichlet(np.full(topics, alpha), documents)
    per_topic = generator.multinomial(lengths, shares)
    rows, columns = [], []
    for topic in range(topics):
        rows.append(np.repeat(np.arange(documents), per_topic[:, topic]))
        draws = generator.random(per_topic[:, topic].sum())
        columns.append(np.minimum(np.searchsorted(np.cumsum(planted[topic]), draws), terms - 1))
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(documents, terms))
    return counts, planted


def folder_corpus(folder, words_per_document=150, minimum_documents=5):
    """Read every prose file of a folder and cut it into documents: an N×V matrix of counts."""
    from sklearn.feature_extraction.text import CountVectorizer

    texts = []
    for path in sorted(p for p in Path(folder).rglob("*") if p.suffix in {".txt", ".md", ".rst", ".html"}):
        words = path.read_text(encoding="utf-8", errors="ignore").split()
        texts += [" ".join(words[i : i + words_per_document]) for i in range(0, len(words) - 49, words_per_document)]
    reader = CountVectorizer(min_df=minimum_documents, max_df=0.5, token_pattern=r"(?u)\b[^\W\d_]{2,}\b")
    return reader.fit_transform(texts).astype(float).tocsr()


def split_corpus(counts, held_out=0.1, seed=1):
    """Split into training documents and the two halves of the held-out ones; unseen terms leave all three."""
    generator = np.random.default_rng(seed)
    held = np.zeros(counts.shape[0], bool)
    held[generator.choice(len(held), int(held_out * len(held)), replace=False)] = True
    seen = np.asarray(counts[~held].sum(0)).ravel() > 0
    train, test = counts[~held][:, seen].tocsr(), counts[held][:, seen].tocsr()
    first = test.copy()
    first.data = generator.binomial(test.data.astype(int), 0.5).astype(float)
    second = test - first
    for part in (train, first, second):
        part.eliminate_zeros()
        part.sort_indices()
    return train, first.tocsr(), second.tocsr()


def held_out_likelihood(topic_term, first, second, alpha=0.1):
    """Return the log-likelihood per word of `second`, with shares estimated from `first`."""
    phi = np.ascontiguousarray(topic_term.T)
    phi = (phi + 1e-12) / (phi + 1e-12).sum(0)
    rows, shares = np.repeat(np.arange(first.shape[0]), np.diff(first.indptr)), np.ones((first.shape[0], phi.shape[1]))
    for _ in range(50):
        shares /= shares.sum(1, keepdims=True)
        fitted = np.einsum("ij,ij->i", shares[rows], phi[first.indices])
        shares = alpha + shares * (
            sparse.csr_matrix((first.data / fitted, first.indices, first.indptr), first.shape) @ phi
        )
    shares /= shares.sum(1, keepdims=True)
    rows = np.repeat(np.arange(second.shape[0]), np.diff(second.indptr))
    probabilities = np.einsum("ij,ij->i", shares[rows], phi[second.indices])
    return float(second.data @ np.log(probabilities) / second.data.sum())


def run_crossread(train, topics, seed=0, method="lda"):  # no chance is in it: every seed gives the same
    from crossread.topics import fit_topics

    return fit_topics(train, topics, method=method).topic_term


def run_sklearn(train, topics, seed=0, sweeps=10):
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(topics, max_iter=sweeps, n_jobs=2, random_state=seed).fit(train)
    return model.components_ / model.components_.sum(1, keepdims=True)


def run_sklearn_nmf(train, topics, seed=0, sweeps=20):
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    model = NMF(topics, init="nndsvda", max_iter=sweeps, random_state=seed).fit(TfidfTransformer().fit_transform(train))
    return model.components_ / model.components_.sum(1, keepdims=True)


def run_tomotopy(train, topics, seed=0, sweeps=200, workers=2, eta=0.01):
    import tomotopy

    model = tomotopy.LDAModel(k=topics, seed=seed, eta=eta)
    for row in range(train.shape[0]):
        span = slice(train.indptr[row], train.indptr[row + 1])
        model.add_doc(np.repeat(train.indices[span], train.data[span].astype(int)).astype(str).tolist())
    model.train(0)
    places = np.array([int(word) for word in model.used_vocabs])
    model.train(sweeps, workers=workers, show_progress=False)
    result = np.zeros((topics, train.shape[1]))
    for topic in range(topics):
        result[topic, places] = model.get_topic_word_dist(topic)
    return result


def run_gensim(train, topics, seed=0, passes=2):
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel  # its LdaMulticore did not come back here

    names = {place: str(place) for place in range(train.shape[1])}
    corpus = Sparse2Corpus(train.T.tocsc().astype(int))
    slower = {"offset": 64, "decay": 0.7, "eval_every": None}  # its default rate of learning ends far lower
    return LdaModel(corpus, topics, names, passes=passes, random_state=seed, **slower).get_topics()


def run_seededlda(train, topics, seed=0, sweeps=200, workers=2):
    """Let R learn the topics, with the priors that seededlda has by default; return its own two times with them."""
    from scipy.io import mmwrite

    with tempfile.TemporaryDirectory() as folder:
        counts, found = Path(folder) / "counts.mtx", Path(folder) / "topics"
        mmwrite(counts, train.astype(int))
        script = Path(__file__).with_name("seededlda.R")
        command = ["Rscript", script, counts, found, topics, sweeps, workers, seed]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True, check=True)
        topic_term = np.fromfile(found).reshape((topics, -1), order="F")
    seconds, processor = map(float, done.stdout.split())
    return topic_term, seconds, processor


METHODS = {
    "crossread": run_crossread,
    "crossread nmf": partial(run_crossread, method="nmf"),
    "sklearn lda": run_sklearn,
    "sklearn nmf": run_sklearn_nmf,
    "gensim 2 passes": run_gensim,
    "tomotopy 200": run_tomotopy,
    "tomotopy 200 eta .1": partial(run_tomotopy, eta=0.1),
    "tomotopy 1000": partial(run_tomotopy, sweeps=1000),
    "tomotopy 1000 one thread": partial(run_tomotopy, sweeps=1000, workers=1),
    "seededlda": run_seededlda,
}


def processor_seconds():
    """Return the processor seconds of this process, of those that it waited for, and of those still running."""
    own = os.times()
    spent = own.user + own.system + own.children_user + own.children_system
    try:
        import psutil
    except ImportError:
        return spent
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            spent += times.user + times.system
    return spent


@cache
def seededlda_version():
    """Return the version of seededlda, and None where it or R is missing."""
    if shutil.which("Rscript") is None:
        return None
    command = ["Rscript", "-e", "invisible(loadNamespace('seededlda')); cat(getNamespaceVersion('seededlda'))"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def installed(name):
    package = name.split()[0]
    if package == "seededlda":
        return seededlda_version() is not None
    return package == "crossread" or importlib.util.find_spec(package) is not None


def run_timed(name, train, topics, seed):
    """Return the topics that a method finds, its seconds and its processor seconds; R has timed itself."""
    start, spent = time.perf_counter(), processor_seconds()
    found = METHODS[name](train, topics, seed=seed)
    if isinstance(found, tuple):
        return found
    return found, time.perf_counter() - start, processor_seconds() - spent


def measure_peak(name, train, topics, send):
    """Send the megabytes that a method adds to its process, beyond the counts and the imports."""
    METHODS[name](train[:200], 2)
    before = resident_mb()
    METHODS[name](train, topics)
    send.send(resident_mb("VmHWM") - before)


def resident_mb(line="VmRSS"):
    """Return the megabytes held now, or at the most so far (VmHWM); Linux only: getrusage would count the parent's."""
    if line == "VmRSS":
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(status.split(line + ":")[1].split()[0]) / 1024


def peak_mb(name, train, topics):
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=measure_peak, args=(name, train, topics, send))
    process.start()
    send.close()
    try:
        return receive.recv()
    except EOFError:
        return float("nan")
    finally:
        process.join()


def put_in(rows, path):
    """Return the rows of a run with those of the saved table for the methods that it left out, in one order."""
    if path.is_file():
        saved = pd.read_csv(path)
        rows = pd.concat([rows, saved[~saved["method"].isin(rows["method"])]])
    return rows.sort_values("method", key=lambda names: names.map(list(METHODS).index), kind="stable")


def main(asked=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder")
    parser.add_argument("--documents", type=int, default=12_000)
    parser.add_argument("--topics", type=int, default=20)
    parser.add_argument(
        "--methods", default=",".join(METHODS), help="names, separated by commas: " + ", ".join(METHODS)
    )
    parser.add_argument(
        "--rounds", type=int, default=1, help="repeat with seeds 0, 1, …, methods taking turns; the median is shown"
    )
    parser.add_argument("--split", type=int, default=1, help="seed of the split into training and held-out documents")
    parser.add_argument(
        "--save",
        action="store_true",
        help="write the table to benchmarks/results; methods not asked for keep their rows",
    )
    parser.add_argument(
        "--memory", action="store_true", help="run all but R once more, each in its own process: peak_mb"
    )
    arguments = parser.parse_args(asked)
    wanted = [name.strip() for name in arguments.methods.split(",")]
    if unknown := [name for name in wanted if name not in METHODS]:
        parser.error(f"no method is called {', '.join(unknown)}; the methods are {', '.join(METHODS)}")
    counts = folder_corpus(arguments.folder) if arguments.folder else planted_corpus(arguments.documents)[0]
    train, first, second = split_corpus(counts, seed=arguments.split)
    print(json.dumps({"documents": counts.shape[0], "terms": train.shape[1], "words": int(counts.sum())}))
    names = [name for name in METHODS if name in wanted]
    for name in [name for name in names if not installed(name)]:
        print(json.dumps({"method": name, "left_out": "not installed"}))
        names.remove(name)
    seconds, processor, quality = ({name: [] for name in names} for _ in range(3))
    for seed in range(arguments.rounds):
        for name in names:
            topic_term, took, spent = run_timed(name, train, arguments.topics, seed)
            seconds[name].append(took)
            processor[name].append(spent)
            quality[name].append(held_out_likelihood(topic_term, first, second))
    rows = []
    for name in names:
        measured = arguments.memory and name != "seededlda"
        rows.append(
            {
                "documents": counts.shape[0],
                "method": name,
                "seconds": np.median(seconds[name]),
                "processor_seconds": np.median(processor[name]),
                "held_out": np.median(quality[name]),
                "lowest": min(quality[name]),
                "highest": max(quality[name]),
                "rounds": arguments.rounds,
                "peak_mb": peak_mb(name, train, arguments.topics) if measured else float("nan"),
            }
        )
        version = {"version": seededlda_version()} if name == "seededlda" else {}
        shown = {key: round(float(value), 4) for key, value in rows[-1].items() if key != "method"}
        print(json.dumps({"method": name, **version, **shown}), flush=True)
    if arguments.save:
        place = (
            Path(__file__).resolve().parent / "results" / f"topics-{'folder' if arguments.folder else 'planted'}.csv"
        )
        put_in(pd.DataFrame(rows), place).to_csv(place, index=False, float_format="%.6g", lineterminator="\n")


if __name__ == "__main__":
    main()
