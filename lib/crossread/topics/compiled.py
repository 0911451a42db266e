"""The two loops of the batch sweep, compiled: imported only when numba (the `fast` extra) is there."""

import numpy as np
from numba import njit, prange

OPTIONS = {"parallel": True, "cache": True, "fastmath": {"reassoc", "contract", "arcp"}, "error_model": "numpy"}


@njit(**OPTIONS)
def update_documents(pointers, terms, counts, before, after, phi, alpha, inner, ratios, likelihood):
    """Update every document's topics `inner` times; documents are independent of one another."""
    k = phi.shape[1]
    for document in prange(len(pointers) - 1):
        old = before[document].copy()
        new = np.empty(k)
        logs = 0.0
        for step in range(inner):
            if step:
                old[:] = new
            new[:] = 0.0
            for place in range(pointers[document], pointers[document + 1]):
                row = phi[terms[place]]
                total = 0.0
                for topic in range(k):
                    total += old[topic] * row[topic]
                ratio = counts[place] / total
                for topic in range(k):
                    new[topic] += ratio * row[topic]
                if step == inner - 1:
                    ratios[place] = ratio
                    logs += counts[place] * np.log(total)
            for topic in range(k):
                new[topic] = alpha[topic] + old[topic] * new[topic]
        length = 0.0
        for place in range(pointers[document], pointers[document + 1]):
            length += counts[place]
        likelihood[document] = logs - length * np.log(old.sum())
        before[document] = old
        after[document] = new


@njit(**OPTIONS)
def update_terms(pointers, documents, places, ratios, theta, phi, updated):
    """Update every term's topics; terms are independent of one another."""
    k = phi.shape[1]
    for term in prange(len(pointers) - 1):
        new = np.zeros(k)
        for place in range(pointers[term], pointers[term + 1]):
            ratio = ratios[places[place]]
            row = theta[documents[place]]
            for topic in range(k):
                new[topic] += ratio * row[topic]
        for topic in range(k):
            updated[term, topic] = phi[term, topic] * new[topic]
