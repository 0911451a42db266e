"""How often the limits of theme rates cover, and how often shuffled documents differ: simulation, printed as tables.

    python benchmarks/simulate_themes.py            about five minutes on one core
    python benchmarks/simulate_themes.py --runs 50  a first look

The simulated documents are as long as those studied (9 to 150 sentences of about 29 tokens) and their hits come
in passages: a sentence in a passage on the theme has several hits, one outside it few. Passages last 1.3, 2 or
3 sentences on average. Themes run from very rare (0.5 hits per 1,000 tokens) to common (30), and each document
has half, once or twice the theme's rate.
"""

import argparse

import numpy as np
import pandas as pd

from crossread.measure.themes import SUPPORTED, theme_contrasts, theme_rates

N_SENTENCES = (9, 34, 40, 38, 134)
RATES = (0.5, 1, 3, 8, 15, 30)
PASSAGES = (1.3, 2.0, 3.0)


def simulate_tokens(n_sentences, generator):
    """Return the length of each sentence of one document."""
    return np.maximum(3, generator.gamma(5, 29 / 5, n_sentences).round()).astype(int)


def simulate_hits(tokens, per_1000, passage, generator, background=0.2):
    """Return the hits of each sentence of one document with a known rate per 1,000 tokens."""
    mean = per_1000 * 29 / 1000
    most = 0.8 * passage / (1 + passage)
    intensity = max(0.9, mean * (1 - background) / most)
    inside = mean * (1 - background) / intensity
    leave = 1 / passage
    enter = leave * inside / (1 - inside)
    steps, state, on = generator.random(len(tokens)), generator.random() < inside, []
    for step in steps:
        on.append(state)
        state = step >= leave if state else step < enter
    return generator.poisson((intensity * np.array(on) + mean * background) * tokens / 29)


def simulate_document(n_sentences, rates, passage, generator):
    """Return hits (one column per rate) and tokens of one document."""
    tokens = simulate_tokens(n_sentences, generator)
    return np.stack([simulate_hits(tokens, rate, passage, generator) for rate in rates], axis=1), tokens


def make_tables(documents, keys):
    """Return a hit table and a sentence table for simulated documents: lists of (counts per key, tokens)."""
    sentences, hits = [], []
    for number, (counts, tokens) in enumerate(documents):
        ids = [f"d{number}-{i:03d}" for i in range(len(tokens))]
        sentences.append(
            pd.DataFrame({"doc_id": f"d{number}", "sentence": range(len(tokens)), "n_tokens": tokens}, index=ids)
        )
        for column, key in enumerate(keys):
            hits.append(
                pd.DataFrame({"doc_id": f"d{number}", "sentence_id": np.repeat(ids, counts[:, column]), "key": key})
            )
    sentences = pd.concat(sentences).rename_axis("sentence_id")
    sentences = sentences.assign(section=0, paragraph=0, segment=0, kind="body", start=0, end=0)
    hits = pd.concat(hits, ignore_index=True).assign(lexicon="simulated", entry="x", start_token=0, end_token=1)
    hits["key"] = pd.Categorical(hits["key"], categories=keys)
    return hits, sentences


def true_share(per_1000, passage, generator):
    """Return the long-run share of sentences with a hit."""
    return float((simulate_hits(simulate_tokens(100_000, generator), per_1000, passage, generator) > 0).mean())


def simulate_coverage(runs, seed=0, limits="exact", draws=400):
    """Return one row per run, document and key: whether the limits of rate, share and difference covered the truth."""
    generator = np.random.default_rng(seed)
    keys = [f"{rate:g}" for rate in RATES]
    shares = {
        (rate * factor, passage): true_share(rate * factor, passage, generator)
        for rate in RATES for factor in (0.5, 1, 2) for passage in PASSAGES
    }  # fmt: skip
    rows, pairs = [], []
    for _ in range(runs):
        passage = generator.choice(PASSAGES)
        truth = np.array(RATES) * generator.choice((0.5, 1, 2), size=(len(N_SENTENCES), 1))
        documents = [
            simulate_document(n, rates, passage, generator) for n, rates in zip(N_SENTENCES, truth, strict=True)
        ]
        hits, sentences = make_tables(documents, keys)
        table = theme_rates(hits, sentences, limits=limits, draws=draws, seed=int(generator.integers(2**31)))
        wanted = truth.ravel()
        wanted_share = np.array([shares[rate, passage] for rate in wanted])
        rows.append(
            pd.DataFrame(
                {
                    "n_sentences": table["n_sentences"],
                    "rate": table["key"].astype(float),
                    "covers": (table["low"] <= wanted) & (wanted <= table["high"]),
                    "share_covers": (table["share_low"] <= wanted_share) & (wanted_share <= table["share_high"]),
                    "width": table["high"] - table["low"],
                }
            )
        )
        if limits == "exact":
            contrasts = theme_contrasts(hits, sentences, draws=draws, seed=int(generator.integers(2**31)))
            by = {(f"d{d}", key): truth[d, k] for d in range(len(truth)) for k, key in enumerate(keys)}
            difference = np.array([by[r.doc_a, r.key] - by[r.doc_b, r.key] for r in contrasts.itertuples()])
            inside = (contrasts["low"] <= difference) & (difference <= contrasts["high"])
            wrong = (contrasts["verdict"] == SUPPORTED) & (np.sign(contrasts["difference"]) != np.sign(difference))
            missed = ~((contrasts["family_low"] <= difference) & (difference <= contrasts["family_high"]))
            pairs.append(
                pd.DataFrame(
                    {"rate": contrasts["key"].astype(float), "covers": inside, "wrong": wrong, "missed": missed}
                )
            )
    return pd.concat(rows), pd.concat(pairs, keys=range(len(pairs)), names=["run"]) if pairs else None


def simulate_shuffles(runs, seed=1, draws=2000, rates=(1, 8, 25), shuffle="blocks"):
    """Return the share of runs with at least one supported contrast when no document differs.

    "same": five documents from one and the same process. "blocks": real differences, then runs of three
    sentences dealt anew to the documents. "sentences": likewise, single sentences.
    """
    generator = np.random.default_rng(seed)
    keys = [f"{rate:g}" for rate in rates]
    found = 0
    for _ in range(runs):
        passage = generator.choice(PASSAGES)
        factors = (
            np.ones(len(N_SENTENCES)) if shuffle == "same" else generator.choice((0.5, 1, 2), size=len(N_SENTENCES))
        )
        documents = [
            simulate_document(n, np.array(rates) * factor, passage, generator)
            for n, factor in zip(N_SENTENCES, factors, strict=True)
        ]
        if shuffle != "same":
            counts = np.vstack([part for part, _ in documents])
            tokens = np.concatenate([part for _, part in documents])
            size = 3 if shuffle == "blocks" else 1
            starts = generator.permutation(np.arange(0, len(tokens), size))
            order = np.concatenate([np.arange(start, min(start + size, len(tokens))) for start in starts])
            cuts = np.cumsum(N_SENTENCES)[:-1]
            documents = list(zip(np.split(counts[order], cuts), np.split(tokens[order], cuts), strict=True))
        hits, sentences = make_tables(documents, keys)
        table = theme_contrasts(hits, sentences, draws=draws, seed=int(generator.integers(2**31)))
        found += (table["verdict"] == SUPPORTED).any()
    return found / runs


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=1000, help="simulated sets of five documents")
    parser.add_argument("--seed", type=int, default=0)
    runs, seed = vars(parser.parse_args()).values()

    for limits in ("exact", "bootstrap"):
        rows, pairs = simulate_coverage(runs, seed, limits)
        print(f"\nCoverage of 95 per cent limits, limits={limits!r}, {runs} sets of five documents")
        print(f"  rate: {rows['covers'].mean():.3f}   share of sentences: {rows['share_covers'].mean():.3f}")
        print(rows.pivot_table(index="n_sentences", columns="rate", values="covers", margins=True).round(3).to_string())
        if pairs is not None:
            runs_missed = pairs.groupby("run")["missed"].any().mean()
            print(f"  differences: {pairs['covers'].mean():.3f}; wrong sign: {pairs['wrong'].mean():.4f}")
            print(f"  runs in which some family limit misses: {runs_missed:.3f}")
            print(pairs.groupby("rate")["covers"].mean().round(3).to_string())
    print("\nRuns with at least one supported contrast (30 contrasts) when no document differs")
    for shuffle in ("same", "blocks", "sentences"):
        print(f"  {shuffle:10s} {simulate_shuffles(runs, seed + 1, shuffle=shuffle):.3f}")


if __name__ == "__main__":
    main()
