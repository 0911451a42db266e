"""What is timed: each task with crossread first, then its peers, and how far two results are apart."""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

import numpy as np
import pandas as pd

from benchmarks import quanteda
from benchmarks.generate import PLANTED

WORD = r"[^\W_]+"
FROM_FOLDER = ("load", "folder")
LOADED = 500  # megabytes: beyond, only what takes strings as they stand
IN_R = f"timed in R, {quanteda.THREADS} threads"


@dataclass
class Run:
    function: Callable
    needs: tuple[str, ...] = ()
    remark: str = ""
    share: Callable = lambda material: 1.0  # by how much to multiply the time of what does only a part
    until: float = math.inf  # megabytes: more would not fit into common memory


def in_r(function: Callable, remark: str = "") -> Run:
    return Run(function, (quanteda.NAME,), IN_R + remark, until=LOADED)


@dataclass
class Task:
    runs: dict[str, Run]
    differs: Callable = lambda ours, theirs: ""
    memory: bool = False
    suits: Callable = lambda material: True


def warm_up(texts):
    from crossread import from_texts

    count_texts(texts, compiled=find_spec("numba") is not None)
    _ = from_texts({str(number): text for number, text in enumerate(texts)}).tokens


# The limit


def scan_bytes(material):
    from numba import njit

    global _scan
    if "_scan" not in globals():

        @njit
        def _scan(data):
            count, inside = 0, False
            for byte in data:
                blank = byte <= 32
                count += inside and blank
                inside = not blank
            return count

    return sum(int(_scan(np.frombuffer(text.encode(), dtype=np.uint8))) for text in material.texts)


def hash_bytes(material):
    from crossread.corpus.tokens import _Chunks

    chunks = _Chunks()
    return sum(len(chunks.add(text.encode())[0]) for text in material.texts)


# Term counts: how often each term occurs, and in how many documents, from strings


def count_texts(texts, compiled):
    """What the command `count` tells of each term: how often it occurs, and in how many documents."""
    from crossread.corpus.bodies import body_of, quick_body
    from crossread.corpus.counting import BodyCounter

    counter = BodyCounter(compiled=compiled)
    counter.count([quick_body(text.encode()) if compiled else [body_of(text)] for text in texts])
    return _by_term(*counter.take())


def _by_term(terms, counts, n_documents):
    return dict(zip(terms, zip(map(int, counts), map(int, n_documents), strict=True), strict=True))


def counts_crossread(material):
    return count_texts(material.texts, compiled=find_spec("numba") is not None)


def counts_plain(material):
    return count_texts(material.texts, compiled=False)


def counts_sklearn(material):
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(token_pattern=WORD)
    matrix = counter.fit_transform(material.texts)
    return _by_term(counter.get_feature_names_out(), np.asarray(matrix.sum(axis=0)).ravel(), matrix.getnnz(axis=0))


def counts_counter(material):
    split, counts, n_documents = re.compile(WORD).findall, Counter(), Counter()
    for text in material.texts:
        row = Counter(split(text.lower()))
        counts.update(row)
        n_documents.update(row.keys())
    return _by_term(counts, counts.values(), map(n_documents.get, counts))


def counts_polars(material):
    import polars as pl

    frame = pl.DataFrame({"document": range(len(material.texts)), "text": material.texts}).lazy()
    found = (
        frame.with_columns(pl.col("text").str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]+"))
        .explode("text").group_by("text").agg(pl.len(), pl.col("document").n_unique()).collect()
    )  # fmt: skip
    return _by_term(*found.to_dict(as_series=False).values())


def counts_duckdb(material):
    import duckdb

    texts = pd.DataFrame({"document": range(len(material.texts)), "text": material.texts})  # noqa: F841 read by name
    found = duckdb.sql(
        "select term, sum(n), count(*) from (select document, term, count(*) as n from (select document, "
        r"unnest(regexp_extract_all(lower(text), '[\p{L}\p{N}]+')) as term from texts) group by all) group by term"
    ).df()
    return _by_term(*(found[name] for name in found))


def counts_pyarrow(material):
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = pc.split_pattern_regex(pc.utf8_lower(pa.array(material.texts, pa.large_string())), r"[^\p{L}\p{N}]+")
    table = pa.table({"document": pc.list_parent_indices(lists), "term": pc.list_flatten(lists)})
    cells = table.group_by(["document", "term"]).aggregate([([], "count_all")]).filter(pc.field("term") != "")
    found = cells.group_by("term").aggregate([("count_all", "sum"), ([], "count_all")])
    return _by_term(*(found[name].to_pylist() for name in ("term", "count_all_sum", "count_all")))


def counts_gensim(material):
    from gensim.corpora import Dictionary

    split, dictionary = re.compile(WORD).findall, Dictionary()
    for text in material.texts:
        dictionary.doc2bow(split(text.lower()), allow_update=True)
    numbers = list(dictionary.cfs)
    return _by_term([dictionary[i] for i in numbers], dictionary.cfs.values(), [dictionary.dfs[i] for i in numbers])


def counts_nltk(material):
    from nltk.probability import FreqDist
    from nltk.tokenize import regexp_tokenize

    counts, n_documents = Counter(), Counter()
    for text in material.texts:
        row = FreqDist(regexp_tokenize(text.lower(), WORD))
        counts.update(row)
        n_documents.update(row.keys())
    return _by_term(counts, counts.values(), [n_documents[term] for term in counts])


def counts_apart(ours, theirs):
    wrong = sum(ours.get(term) != theirs.get(term) for term in ours.keys() | theirs.keys())
    return "equal" if not wrong else f"{wrong} of {len(ours)} terms"


# Loading: clean, split into sentences, tokenise; and again from the store


def load_new(material):
    import shutil

    from crossread import load

    shutil.rmtree(material.folder / ".crossread", ignore_errors=True)
    return len(load(material.folder, store=True).tokens)


def load_again(material):
    from crossread import load

    return len(load(material.folder, store=True).tokens)


# A folder, from files to term counts: crossread cleans each text and splits it into sentences, its peers do neither


def folder_crossread(material, **how):
    from crossread_scale import count_folder

    terms = count_folder(material.folder, **how).terms
    return _by_term(*(terms[name] for name in ("term", "count", "n_documents")))


def folder_one(material):
    return folder_crossread(material, processes=1)


def folder_cluster(material):
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        return folder_crossread(material, client=client)


@dataclass
class Read:
    """Texts that were read just now."""

    texts: list[str]


def folder_polars(material):
    return counts_polars(Read([path.read_text(encoding="utf-8") for path in material.paths]))


def folder_duckdb(material):
    import duckdb

    files = duckdb.sql(
        "select content from read_text($paths)", params={"paths": [str(path) for path in material.paths]}
    )
    return counts_duckdb(Read(files.df()["content"].tolist()))


def same_number(ours, theirs):
    return "equal" if ours == theirs else f"{theirs} against {ours}"


# Lexicon: three themes, ninety entries, wildcards and phrases


def make_lexicon(material):
    """The planted phrases, and words of the corpus with and without wildcards that never overlap them."""
    from crossread.lexicon import make_lexicon as make

    types = sorted({word for word in material.types if re.fullmatch("[a-z]{4,}", word)})
    inside = {word for phrases in PLANTED.values() for phrase in phrases for word in phrase.split()}
    free = [word for word in types if word not in inside]
    generator = np.random.default_rng(1)
    entries: dict[str, list[str]] = {key: list(phrases) for key, phrases in PLANTED.items()}
    taken: set[str] = set()
    for number, word in enumerate(generator.permutation(np.array(free, dtype=object)).tolist()):
        key = list(PLANTED)[number % 3]
        if len(entries[key]) == 30:
            continue
        stem = word[:5]
        low = bisect_left(types, stem)
        family = [other for other in types[low : low + 400] if other.startswith(stem)]
        if taken & set(family) or inside & set(family) or (number % 2 and len(word) < 5):
            continue
        taken.update(family)
        entries[key].append(stem + "*" if number % 2 and len(family) < 400 else word)
    return make("benchmark", entries)


def patterns_by_key(lexicon):
    return {
        key: [entry.pattern for entry in lexicon.entries if entry.key == key]
        for key in dict.fromkeys(e.key for e in lexicon.entries)
    }


def hits_by_key(hits):
    return {key: int(n) for key, n in hits["key"].value_counts().items()}


def lexicon_store(material):
    from crossread.lexicon import find_hits

    return hits_by_key(find_hits(material.corpus, material.lexicon))


def lexicon_text(material):
    from crossread_scale import count_folder

    hits = count_folder(material.folder, lexicon=material.lexicon, processes=1).hits
    return {key: int(n) for key, n in hits[list(PLANTED)].sum().items()}


def alternation(patterns):
    return r"\b(?:" + "|".join(sorted((p.replace("*", r"\w*") for p in patterns), key=len, reverse=True)) + r")\b"


def lexicon_polars(material):
    import polars as pl

    text = pl.col("text")
    lower = pl.DataFrame({"text": material.texts}).select(text.str.to_lowercase())
    keys = patterns_by_key(material.lexicon)
    return lower.select(
        **{key: text.str.count_matches(alternation(patterns)).sum() for key, patterns in keys.items()}
    ).row(0, named=True)


def lexicon_re(material):
    lower = [text.lower() for text in material.texts]
    keys = {key: re.compile(alternation(patterns)) for key, patterns in patterns_by_key(material.lexicon).items()}
    return {key: sum(len(pattern.findall(text)) for text in lower) for key, pattern in keys.items()}


def expanded(material):
    """Wildcards replaced by the words of the corpus that they match, as a matcher of plain strings needs them."""
    if not hasattr(material, "_expanded"):
        types = sorted(material.types)
        words = {}
        for key, patterns in patterns_by_key(material.lexicon).items():
            for pattern in patterns:
                stem = pattern.rstrip("*")
                low, high = bisect_left(types, stem), bisect_left(types, stem + chr(0x10FFFF))
                words.update(dict.fromkeys(types[low:high] if pattern.endswith("*") else [pattern], key))
        material._expanded = words
    return material._expanded


def lexicon_aho_rs(material):
    from ahocorasick_rs import AhoCorasick, MatchKind

    words = expanded(material)
    automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)
    keys, found = list(words.values()), Counter()
    for text in material.texts:
        text = text.lower()
        for which, start, end in automaton.find_matches_as_indexes(text):
            if not (start and text[start - 1].isalnum()) and not text[end : end + 1].isalnum():
                found[keys[which]] += 1
    return dict(found)


def lexicon_pyaho(material):
    import ahocorasick

    automaton, found = ahocorasick.Automaton(), Counter()
    for word, key in expanded(material).items():
        automaton.add_word(word, (len(word), key))
    automaton.make_automaton()
    for text in material.texts:
        text = text.lower()
        for last, (length, key) in automaton.iter(text):
            start = last - length
            if not (start >= 0 and text[start].isalnum()) and not text[last + 1 : last + 2].isalnum():
                found[key] += 1
    return dict(found)


def lexicon_sklearn(material):
    from sklearn.feature_extraction.text import CountVectorizer

    words = expanded(material)
    counter = CountVectorizer(token_pattern=WORD, ngram_range=(1, 4), vocabulary=list(words))
    sums = np.asarray(counter.transform(material.texts).sum(axis=0)).ravel()
    found = Counter()
    for key, n in zip(words.values(), sums.tolist(), strict=True):
        found[key] += n
    return dict(found)


def hits_apart(ours, theirs):
    wrong = sum(abs(ours.get(key, 0) - theirs.get(key, 0)) for key in ours.keys() | theirs.keys())
    return "equal" if not wrong else f"{wrong} of {sum(ours.values())} hits"


# Concordance of one frequent phrase


PHRASE = "sharing the load"


def concordance_crossread(material):
    from crossread.lexicon import concordance

    return len(concordance(material.corpus, PHRASE))


def concordance_re(material):
    found = [
        (text[max(0, m.start() - 40) : m.start()], m.group(), text[m.end() : m.end() + 40])
        for text in material.texts for m in re.finditer(rf"\b{PHRASE}\b", text, re.I)
    ]  # fmt: skip
    return len(pd.DataFrame(found))


def concordance_nltk(material):
    from nltk.text import Text

    words = Text(re.findall(WORD, " ".join(material.texts)))
    return len(words.concordance_list(PHRASE.split(), lines=10**9))


# Keyness of every word of every document against the rest


def keyness_crossread(material):
    from crossread.measure import log_likelihood_of

    return np.abs(log_likelihood_of(*keyness_cells(material)))


def keyness_all(material):
    from crossread.measure import keyness_of

    return np.abs(keyness_of(*(cell[:SOME_CELLS] for cell in keyness_cells(material)))["g2"])


def keyness_cells(material):
    if not hasattr(material, "_cells"):
        matrix = material.corpus.term_matrix("document").matrix.tocoo()
        sums, lengths = np.asarray(matrix.sum(axis=0)).ravel(), np.asarray(matrix.sum(axis=1)).ravel()
        total = lengths.sum()
        material._cells = (
            matrix.data, lengths[matrix.row], sums[matrix.col] - matrix.data, total - lengths[matrix.row],
        )  # fmt: skip
    return material._cells


def keyness_scipy(material):
    from scipy.stats import chi2_contingency

    cells = np.stack(keyness_cells(material), axis=1)
    tables = [[[a, c], [n - a, m - c]] for a, n, c, m in cells[:SOME_CELLS].tolist()]
    return np.array(
        [
            chi2_contingency(t, correction=False, lambda_="log-likelihood")[0] if t[0][1] + t[0][0] else 0.0
            for t in tables
        ]
    )


SOME_CELLS = 20_000  # what the slow ways do; their time is multiplied


def some_cells(material):
    return max(1.0, len(keyness_cells(material)[0]) / SOME_CELLS)


def keyness_numpy_limit(ours, theirs):
    worst = float(np.max(np.abs(ours[: len(theirs)] - theirs) / np.maximum(1, theirs)))
    return "equal" if worst < 1e-6 else f"by {worst:.2g}"


# Topics, by the methods and the held-out measure of benchmarks/topics.py


@cache
def topic_material():
    from benchmarks.topics import planted_corpus, split_corpus

    return split_corpus(planted_corpus(documents=3_000)[0])


def topics_by(name):
    def run(material):
        from benchmarks.topics import METHODS

        return METHODS[name](topic_material()[0], 20)

    return run


def quality_apart(ours, theirs):
    from benchmarks.topics import held_out_likelihood

    _, first, second = topic_material()
    return f"held-out log-likelihood per word {held_out_likelihood(theirs, first, second):.4f}"


def with_topics(material):
    return 5 < material.megabytes < 50


TASKS = {
    "limit": Task(
        {
            "one compiled pass over the bytes": Run(scan_bytes, ("numba",)),
            "one compiled pass that numbers the chunks": Run(hash_bytes, ("numba",)),
        },
        same_number,
    ),
    "term counts": Task(
        {
            "crossread": Run(counts_crossread),
            "crossread without numba": Run(counts_plain),
            "scikit-learn": Run(counts_sklearn, ("sklearn",)),
            "polars": Run(counts_polars, ("polars",)),
            "duckdb": Run(counts_duckdb, ("duckdb",)),
            "pyarrow": Run(counts_pyarrow, ("pyarrow",)),
            "gensim": Run(counts_gensim, ("gensim",)),
            "NLTK": Run(counts_nltk, ("nltk",)),
            "Counter": Run(counts_counter),
            "quanteda, ready-made tokens": in_r(
                quanteda.counts("words", "words"), "; from lists of words made beforehand"
            ),
            "quanteda, default tokeniser": in_r(quanteda.counts("text", "default")),
            "quanteda, fastest tokeniser": in_r(
                quanteda.counts("text", "fastest"), "; what is no letter made a blank before"
            ),
        },
        counts_apart,
        memory=True,
    ),
    "load": Task(
        {
            "crossread, first time": Run(load_new, remark="clean, split, tokenise, write the store"),
            "crossread, again": Run(load_again, remark="from the store"),
        },
        same_number,
        memory=True,
        suits=lambda material: (material.folder / "documents.csv").is_file() and material.megabytes < LOADED,
    ),
    "folder": Task(
        {
            "crossread": Run(folder_one, remark="cleaned, in sentences; one process"),
            "crossread, a process for each processor": Run(folder_crossread, remark="cleaned, in sentences"),
            "crossread, a cluster of two workers": Run(
                folder_cluster, ("distributed",), "cleaned, in sentences; with the start of the workers"
            ),
            "polars": Run(folder_polars, ("polars",), "neither cleaned nor in sentences; a thread a processor"),
            "duckdb": Run(folder_duckdb, ("duckdb",), "neither cleaned nor in sentences; a thread a processor"),
        },
        counts_apart,
        memory=True,
    ),
    "lexicon from the store": Task(
        {
            "crossread": Run(lexicon_store),
            "quanteda, ready-made tokens": in_r(
                quanteda.lexicon("tokens", "tokens"), "; its own tokens made beforehand"
            ),
        },
        hits_apart,
        suits=lambda material: material.megabytes < LOADED,
    ),
    "lexicon from text": Task(
        {
            "crossread": Run(lexicon_text, remark="count_folder: files to hits of each, with the reading of the files"),
            "polars": Run(lexicon_polars, ("polars",), "one alternation for each theme"),
            "re": Run(lexicon_re, (), "one alternation for each theme"),
            "ahocorasick_rs": Run(lexicon_aho_rs, ("ahocorasick_rs",), "wildcards expanded beforehand, not timed"),
            "pyahocorasick": Run(lexicon_pyaho, ("ahocorasick",), "wildcards expanded beforehand, not timed"),
            "scikit-learn": Run(lexicon_sklearn, ("sklearn",), "wildcards expanded beforehand, not timed"),
            "quanteda, default tokeniser": in_r(quanteda.lexicon("text", "default")),
            "quanteda, fastest tokeniser": in_r(
                quanteda.lexicon("text", "fastest"), "; what is no letter made a blank before"
            ),
        },
        hits_apart,
    ),
    "concordance": Task(
        {
            "crossread": Run(concordance_crossread, remark="from the store"),
            "re": Run(concordance_re, (), "characters, not tokens"),
            "NLTK": Run(concordance_nltk, ("nltk",), "its tokens, made anew"),
            "quanteda, ready-made tokens": in_r(quanteda.concordance(PHRASE), "; its own tokens made beforehand"),
        },
        same_number,
        suits=lambda material: material.megabytes < LOADED,
    ),
    "keyness of every document": Task(
        {
            "crossread": Run(keyness_crossread, remark="the log-likelihood of all words"),
            "crossread, all statistics": Run(keyness_all, (), f"extrapolated from {SOME_CELLS:,} words", some_cells),
            "scipy loop": Run(keyness_scipy, ("scipy",), f"extrapolated from {SOME_CELLS:,} words", some_cells),
        },
        keyness_numpy_limit,
        suits=lambda material: material.megabytes < LOADED,
    ),
    "LDA, 20 topics, 3,000 documents": Task(
        {
            "crossread": Run(topics_by("crossread"), ("numba",)),
            "scikit-learn": Run(topics_by("sklearn lda"), ("sklearn",)),
            "tomotopy, 200 sweeps": Run(topics_by("tomotopy 200"), ("tomotopy",)),
        },
        quality_apart,
        suits=with_topics,
    ),
    "NMF, 20 topics, 3,000 documents": Task(
        {
            "crossread": Run(topics_by("crossread nmf")),
            "scikit-learn": Run(topics_by("sklearn nmf"), ("sklearn",)),
        },
        quality_apart,
        suits=with_topics,
    ),
}
