"""The same work through installed peers, and by how much the numbers differ.

    python benchmarks/peers.py                     # on the practice corpus
    python benchmarks/peers.py --corpus alliances  # where the texts are attached

Needs `pip install crossread[peers]`; a peer that is not installed is named and left out. A difference of 0 means
agreement; a difference that is there on purpose carries its reason.
"""

import argparse
import importlib
from itertools import combinations

import numpy as np
import pandas as pd

from crossread import load
from crossread import measure as terms
from crossread.corpus.tokens import words
from crossread.measure import proximity

ROWS = []


def row(what, peer, ours, theirs, remark=""):
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    ROWS.append((what, peer, ours.size, float(np.nanmax(np.abs(ours - theirs))), remark))


def installed(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        ROWS.append((f"({name} is not installed)", name, 0, np.nan, "pip install crossread[peers]"))
        return None


def tokens_of(corpus):
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    return [[words(text) for text in body.loc[body["doc_id"] == doc_id, "text"]] for doc_id in corpus.documents.index]


def against_sklearn(corpus, documents):
    if not installed("sklearn"):
        return
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.metrics.pairwise import cosine_similarity

    flat = [" ".join(word for sentence in document for word in sentence) for document in documents]
    counter = CountVectorizer(token_pattern=r"\S+", lowercase=False)
    matrix = counter.fit_transform(flat)
    names = counter.get_feature_names_out()
    weights = TfidfTransformer().fit_transform(matrix)
    row("cosine of counts", "scikit-learn", proximity.similarity_of(matrix.toarray()), cosine_similarity(matrix))
    row(
        "cosine of tf-idf",
        "scikit-learn",
        proximity.similarity_of(matrix.toarray(), "cosine_tfidf"),
        cosine_similarity(weights),
    )
    default = CountVectorizer().fit(flat)
    lost = [word for word in names if word not in default.vocabulary_]
    ROWS.append(
        (
            "words that the default token pattern loses or changes",
            "scikit-learn",
            len(names),
            float(len(lost)),
            "single letters and dotted names such as u.s. are cut by \\w\\w+",
        )
    )


def against_scipy(corpus):
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import chi2_contingency

    counts, _ = terms.frequency.by_document(corpus, terms.segment_matrix(corpus))
    table = counts.toarray()
    ours = proximity.similarity_of(table, "jensen_shannon")
    pairs = list(combinations(range(len(table)), 2))
    row(
        "Jensen-Shannon distance",
        "scipy",
        [ours[p] for p in pairs],
        [jensenshannon(table[a], table[b], 2) for a, b in pairs],
    )
    a, b = table[0], table[1:].sum(axis=0)
    kept = np.flatnonzero(a + b >= 5)
    found = terms.keyness_of(a[kept], a.sum(), b[kept], b.sum())
    cells = [np.array([[a[i], b[i]], [a.sum() - a[i], b.sum() - b[i]]]) for i in kept]
    row(
        "G², four cells",
        "scipy",
        np.abs(found["g2"]),
        [chi2_contingency(c, correction=False, lambda_="log-likelihood")[0] for c in cells],
    )
    row(
        "chi² without correction",
        "scipy",
        np.abs(found["chi2_plain"]),
        [chi2_contingency(c, correction=False)[0] for c in cells],
    )
    row(
        "chi² with Yates",
        "scipy",
        np.abs(found["chi2"]),
        [chi2_contingency(c)[0] for c in cells],
        "on purpose: quanteda corrects only if |ad - bc| >= N/2 and an expected count is below 5",
    )


def against_nltk(corpus, documents):
    if not installed("nltk"):
        return
    from nltk.metrics import BigramAssocMeasures

    table = terms.phrases(corpus, 2)
    cells = terms.collocation.phrase_cells(corpus, 2).set_index("term").loc[table["term"]]
    both, first, second = cells["cell_3"], cells["cell_2"], cells["cell_1"]
    total = cells["cell_0"] + first + second + both
    ours = terms.collocation_of(both, both + first, both + second, total)
    numbers = list(zip(both, zip(both + first, both + second, strict=True), total, strict=True))
    row("pointwise mutual information", "NLTK", ours["pmi"], [BigramAssocMeasures.pmi(*n) for n in numbers])
    row(
        "log-likelihood of bigrams",
        "NLTK",
        np.abs(ours["g2"]),
        [BigramAssocMeasures.likelihood_ratio(*n) for n in numbers],
    )
    row("t-score", "NLTK", ours["t_score"], [BigramAssocMeasures.student_t(*n) for n in numbers])


def against_gensim(corpus, documents):
    if not installed("gensim"):
        return
    from gensim.models.phrases import Phrases, npmi_scorer

    sentences = [sentence for document in documents for sentence in document]
    model = Phrases(sentences, min_count=2, threshold=-1, scoring=npmi_scorer)
    cells = terms.collocation.phrase_cells(corpus, 2)
    ours, theirs = [], []
    vocabulary = model.vocab
    for term, count, first, second in zip(
        cells["term"], cells["cell_3"], cells["cell_2"], cells["cell_1"], strict=True
    ):
        a, b = term.split(" ")
        found = vocabulary.get(f"{a}_{b}")
        if found is None:
            continue
        total = cells.loc[0, ["cell_0", "cell_1", "cell_2", "cell_3"]].sum()
        ours.append(terms.collocation_of(count, count + first, count + second, total)["npmi"])
        theirs.append(npmi_scorer(vocabulary[a], vocabulary[b], found, len(vocabulary), 2, model.corpus_word_count))
    row(
        "NPMI of bigrams",
        "gensim",
        ours,
        theirs,
        "on purpose: gensim divides counts of words, not of bigrams, by all words",
    )


def against_lexicalrichness(documents):
    if not installed("lexicalrichness"):
        return
    from lexicalrichness import LexicalRichness

    flat = [[word for sentence in document for word in sentence] for document in documents]
    peers = [LexicalRichness(document, preprocessor=None, tokenizer=None) for document in flat]
    row("MATTR, window 50", "lexicalrichness", [terms.mattr(d) for d in flat], [p.mattr(window_size=50) for p in peers])
    row(
        "MTLD, threshold 0.72",
        "lexicalrichness",
        [terms.mtld(d) for d in flat],
        [p.mtld(threshold=0.72) for p in peers],
        "on purpose: there a ratio of just 0.72 ends a factor, here one below it (McCarthy and Jarvis 2010)",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default="practice")
    options = parser.parse_args()
    corpus = load(options.corpus, texts=True)
    documents = tokens_of(corpus)
    against_sklearn(corpus, documents)
    against_scipy(corpus)
    against_nltk(corpus, documents)
    against_gensim(corpus, documents)
    against_lexicalrichness(documents)
    table = pd.DataFrame(ROWS, columns=["what", "peer", "numbers", "largest difference", "remark"])
    print(table.to_string(index=False, float_format=lambda value: f"{value:.3g}"))


if __name__ == "__main__":
    main()
