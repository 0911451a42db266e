"""The loops over documents, compiled: imported only when numba (the `fast` extra) is there.

A loop that adds up stores nothing: where it did, the compiler would choose by the addresses of the arrays whether to
add one by one or eight at a time, and the last digit would change from run to run.
"""

import numpy as np
from numba import njit, prange

FAST = {"fastmath": {"reassoc", "contract", "arcp", "nsz"}, "error_model": "numpy", "cache": True}


@njit(**FAST)
def _update_block(pointers, terms, counts, first, last, theta, phi, alpha, inner, sums, likelihood):
    k = phi.shape[1]
    old, new, weight = np.empty(k), np.empty(k), np.empty(k)
    for document in range(first, last):
        new[:] = theta[document]
        logs = 0.0
        length = 0.0
        for step in range(inner):
            old[:] = new
            new[:] = alpha
            for place in range(pointers[document], pointers[document + 1]):
                term = terms[place]
                total = 0.0
                for topic in range(k):
                    total += old[topic] * phi[term, topic]
                chance = 1 / total
                for topic in range(k):
                    without = old[topic] - old[topic] * phi[term, topic] * chance
                    weight[topic] = max(without, alpha[topic]) * phi[term, topic]
                total_without = 0.0
                for topic in range(k):
                    total_without += weight[topic]
                ratio = counts[place] / total_without
                for topic in range(k):
                    new[topic] += ratio * weight[topic]
                if step == inner - 1:
                    for topic in range(k):
                        sums[term, topic] += ratio * weight[topic]
                    logs += counts[place] * np.log(total)
                    length += counts[place]
        likelihood[document] = logs - length * np.log(old.sum())
        theta[document] = new


@njit(parallel=True, **FAST)
def update_documents(pointers, terms, counts, bounds, theta, phi, alpha, inner, sums, likelihood):
    """Update the documents between the bounds, each block of them with sums of its own."""
    for block in prange(len(bounds) - 1):
        sums[block] = 0.0
        _update_block(
            pointers, terms, counts, bounds[block], bounds[block + 1], theta, phi, alpha, inner, sums[block], likelihood
        )


@njit(parallel=True, **FAST)
def infer_documents(pointers, terms, counts, theta, phi, alpha, updates, tolerance):
    """Update each document's topics until no share moves by more than the tolerance."""
    k = phi.shape[1]
    for document in prange(len(pointers) - 1):
        old, new = theta[document].copy(), np.empty(k)
        for _step in range(updates):
            new[:] = 0.0
            for place in range(pointers[document], pointers[document + 1]):
                term = terms[place]
                total = 0.0
                for topic in range(k):
                    total += old[topic] * phi[term, topic]
                ratio = counts[place] / total
                for topic in range(k):
                    new[topic] += ratio * phi[term, topic]
            moved = 0.0
            length = 0.0
            for topic in range(k):
                value = alpha[topic] + old[topic] * new[topic]
                moved = max(moved, abs(value - old[topic]))
                old[topic] = value
            for topic in range(k):
                length += old[topic]
            if moved < tolerance * length:
                break
        theta[document] = old
