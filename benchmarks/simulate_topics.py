"""How often does text without topics support a number of topics? Passages of a corpus, all tokens shuffled.

    python benchmarks/simulate_topics.py --rounds 60 [--corpus practice] [--shuffle document]

Each round shuffles the tokens over the passages, so that no topic is left, and asks `topic_stability` and `choose_k`
as for a real text. The share of rounds in which some k is supported is the rate of false claims.
"""

import argparse

from crossread import load
from crossread.corpus.tokens import TermMatrix
from crossread.topics import choose_k, topic_counts, topic_stability
from crossread.topics.stability import SHUFFLES, shuffle_tokens


def false_numbers_of_topics(counts, rounds, ks, shuffle="corpus", first=0):
    """Return for each shuffled text the number of topics that it is said to support, or None."""
    found = []
    for number in range(first, first + rounds):
        matrix = shuffle_tokens(counts, shuffle, (number, 17))
        path = topic_stability(TermMatrix(matrix, counts.units, counts.terms), ks, shuffle=shuffle, seed=number)
        found.append(choose_k(path))
    return found


def main(asked=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default="alliances")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="seed of the first round")
    parser.add_argument("--most", type=int, default=7, help="the largest k; the smallest is 2")
    parser.add_argument("--shuffle", choices=SHUFFLES, default="corpus")
    options = parser.parse_args(asked)
    counts = topic_counts(load(options.corpus))
    ks = range(2, options.most + 1)
    found = false_numbers_of_topics(counts, options.rounds, ks, options.shuffle, options.first)
    false = [k for k in found if k is not None]
    print(f"{len(false)} of {len(found)} shuffled texts support a k from 2 to {options.most}: {false}")


if __name__ == "__main__":
    main()
