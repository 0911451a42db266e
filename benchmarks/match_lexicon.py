"""How long the themes take to be found in many tokens, and a large dictionary to be read: seconds, printed as lines.

python benchmarks/match_lexicon.py                30 million tokens, half a minute and 1.5 GB
python benchmarks/match_lexicon.py --millions 3   a first look
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from crossread.corpus.tokens import TokenStore
from crossread.lexicon import load_lexicon, match_tokens, read_lexicon

VOCABULARY = 300_000
SENTENCE = 25  # tokens
PLANTED = "china power allies cost bilateral ties nato of united nations each other pay alliance share greater".split()


def make_store(n_tokens, generator):
    """Return tokens as frequent as Zipf says, the words of the themes among the 30th to the 1,500th."""
    types = [f"w{number}" for number in range(VOCABULARY)]
    for rank, word in zip(generator.choice(np.arange(30, 1500), len(PLANTED), replace=False), PLANTED, strict=True):
        types[rank] = word
    cumulative = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    draws = generator.random(n_tokens, dtype=np.float32) * cumulative[-1]
    ids = np.minimum(np.searchsorted(cumulative, draws), VOCABULARY - 1).astype(np.int32)
    pointers = np.append(np.arange(0, n_tokens, SENTENCE), n_tokens)
    sentence = (np.arange(n_tokens) // SENTENCE).astype(np.int32)
    places = np.arange(n_tokens)
    return TokenStore(tuple(types), ids, places, places + 1, sentence, pointers, np.array([0, n_tokens]))


def main(asked=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--millions", type=float, default=30)
    parser.add_argument("--entries", type=int, default=6_000, help="of the large dictionary")
    arguments = parser.parse_args(asked)
    generator = np.random.default_rng(0)
    store = make_store(int(arguments.millions * 1e6), generator)
    themes = load_lexicon("themes")
    began = time.perf_counter()
    matches = match_tokens(store, themes)
    found = time.perf_counter()
    hits = matches.settled()
    settled = time.perf_counter()
    print(
        f"{len(themes)} entries in {len(store):,} tokens: {len(matches):,} matches in {found - began:.2f} s,", end=" "
    )
    print(f"{len(hits):,} hits settled in {settled - found:.2f} s")
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = sorted({"".join(generator.choice(letters, 7)) for _ in range(arguments.entries)})
    lines = [f"{word}{'*' if i % 2 else ''}\t{1 + i % 8}" for i, word in enumerate(words)]
    path = Path(tempfile.mkdtemp()) / "large.dic"
    path.write_text("\n".join(["%", *(f"{key}\tkey {key}" for key in range(1, 9)), "%", *lines]), encoding="utf-8")
    began = time.perf_counter()
    print(f"{len(read_lexicon(path)):,} entries read and checked in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
