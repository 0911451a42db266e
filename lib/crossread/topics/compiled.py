"""The loops over documents, compiled: imported only when numba (the `fast` extra) is there.

The weights of a document's terms are first copied topic by topic, so that every loop afterwards runs over the terms,
many at a time, as far as a multiple of WIDTH: what stands there beyond the last term counts nothing.

A loop that adds up stores nothing: where it did, the compiler would choose by the addresses of the arrays whether to
add one by one or eight at a time, and the last digit would change from run to run.
"""

import numpy as np
from numba import njit, prange

FAST = {"fastmath": {"reassoc", "contract", "arcp", "nsz"}, "error_model": "numpy", "cache": True}
WIDTH = 32


@njit(**FAST)
def weigh_terms(sums, used, scale, eta, totals, phi):
    """Fill in the topics' weights of the terms that a batch uses."""
    inverse, same = 1 / totals, eta[0, 0]
    for place in range(len(used)):
        total, weight = sums[used[place]], phi[place]
        if len(eta) == 1:
            for topic in range(len(total)):
                weight[topic] = (total[topic] * scale + same) * inverse[topic]
        else:
            prior = eta[used[place]]
            for topic in range(len(total)):
                weight[topic] = (total[topic] * scale + prior[topic]) * inverse[topic]


@njit(**FAST)
def add_found(sums, used, found, factor):
    """Add what the blocks of a batch found to the sums of its terms."""
    blocks, terms, topics = found.shape
    new = np.empty(topics)
    for place in range(terms):
        new[:] = 0
        for block in range(blocks):
            part = found[block, place]
            for topic in range(topics):
                new[topic] += part[topic]
        total = sums[used[place]]
        for topic in range(topics):
            total[topic] += factor * new[topic]


@njit(**FAST)
def _width(pointers, first, last):
    longest = 0
    for document in range(first, last):
        longest = max(longest, pointers[document + 1] - pointers[document])
    return (longest + WIDTH - 1) // WIDTH * WIDTH


@njit(**FAST)
def _take_document(pointers, terms, counts, document, phi, weights, numbers):
    """Copy the weights and counts of one document's terms, and return how far its loops have to run."""
    start, size = pointers[document], pointers[document + 1] - pointers[document]
    width = (size + WIDTH - 1) // WIDTH * WIDTH
    for place in range(size):
        term = terms[start + place]
        numbers[place] = counts[start + place]
        for topic in range(len(weights)):
            weights[topic, place] = phi[term, topic]
    numbers[size:width] = 0
    weights[:, size:width] = 1
    return width


@njit(**FAST)
def _update_block(pointers, terms, counts, first, last, theta, phi, alpha, inner, found, likelihood):
    k, width = phi.shape[1], _width(pointers, first, last)
    weights, parts, shares = np.empty((k, width), phi.dtype), np.empty((k, width), phi.dtype), np.empty(k, phi.dtype)
    numbers, inverse, ratios = np.empty(width, phi.dtype), np.empty(width, phi.dtype), np.empty(width, phi.dtype)
    found[:] = 0
    for document in range(first, last):
        width = _take_document(pointers, terms, counts, document, phi, weights, numbers)
        shares[:] = theta[document]
        length = shares.sum()
        for _step in range(inner):
            inverse[:width] = 0
            ratios[:width] = 0
            length = shares.sum()
            for topic in range(k):
                share, weight = shares[topic], weights[topic]
                for place in range(width):
                    inverse[place] += share * weight[place]
            for place in range(width):
                inverse[place] = 1 / inverse[place]
            for topic in range(k):
                share, weight, part, least = shares[topic], weights[topic], parts[topic], alpha[topic]
                for place in range(width):
                    value = max(share - share * weight[place] * inverse[place], least) * weight[place]
                    part[place] = value
                    ratios[place] += value
            for place in range(width):
                ratios[place] = numbers[place] / ratios[place]
            for topic in range(k):
                part = parts[topic]
                total = alpha[topic]
                for place in range(width):
                    total += ratios[place] * part[place]
                shares[topic] = total
        start, logs, counted = pointers[document], 0.0, 0.0
        for place in range(pointers[document + 1] - start):
            term = terms[start + place]
            for topic in range(k):
                found[term, topic] += ratios[place] * parts[topic, place]
        for place in range(pointers[document + 1] - start):
            logs -= numbers[place] * np.log(inverse[place])
            counted += numbers[place]
        likelihood[document] = logs - counted * np.log(length)
        theta[document] = shares


@njit(parallel=True, **FAST)
def update_documents(pointers, terms, counts, bounds, theta, phi, alpha, inner, found, likelihood):
    """Update the documents between the bounds, each block of them with sums of its own."""
    for block in prange(len(bounds) - 1):
        _update_block(
            pointers, terms, counts, bounds[block], bounds[block + 1],
            theta, phi, alpha, inner, found[block], likelihood,
        )  # fmt: skip


@njit(**FAST)
def _infer_block(pointers, terms, counts, first, last, theta, phi, alpha, updates, tolerance):
    k, width = phi.shape[1], _width(pointers, first, last)
    weights, numbers, ratios = np.empty((k, width)), np.empty(width), np.empty(width)
    for document in range(first, last):
        width = _take_document(pointers, terms, counts, document, phi, weights, numbers)
        shares = theta[document].copy()
        for _step in range(updates):
            ratios[:width] = 0
            for topic in range(k):
                share, weight = shares[topic], weights[topic]
                for place in range(width):
                    ratios[place] += share * weight[place]
            for place in range(width):
                ratios[place] = numbers[place] / ratios[place]
            moved = 0.0
            for topic in range(k):
                weight = weights[topic]
                total = 0.0
                for place in range(width):
                    total += ratios[place] * weight[place]
                value = alpha[topic] + shares[topic] * total
                moved = max(moved, abs(value - shares[topic]))
                shares[topic] = value
            if moved < tolerance * shares.sum():
                break
        theta[document] = shares


@njit(parallel=True, **FAST)
def infer_documents(pointers, terms, counts, bounds, theta, phi, alpha, updates, tolerance):
    """Update each document's topics until no share moves by more than the tolerance."""
    for block in prange(len(bounds) - 1):
        _infer_block(pointers, terms, counts, bounds[block], bounds[block + 1], theta, phi, alpha, updates, tolerance)
