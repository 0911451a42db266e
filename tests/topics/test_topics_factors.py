"""How many topics factors tell: counted on blocks that are there by hand, on words said again and again, on noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from crossread.topics import factors
from crossread.topics.factors import count_factors


def blocks(k: int, of_each: int = 6, words: int = 6) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Two documents in which each passage has the words of one of k blocks, twice each."""
    rows = 2 * np.kron(np.tile(np.eye(k, dtype=int), (of_each, 1)), np.ones((1, words), dtype=int))
    return sparse.csr_matrix(rows), np.repeat(["a", "b"], k * of_each // 2)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_blocks_of_words_are_counted(k):
    assert count_factors(*blocks(k), most=10) == k


def test_no_more_than_asked_for_and_none_where_there_is_nothing():
    assert count_factors(*blocks(5), most=3) == 3
    assert count_factors(*blocks(5), most=1) == 1
    assert count_factors(sparse.csr_matrix((6, 4), dtype=int), np.repeat(["a", "b"], 3), most=4) == 1
    assert count_factors(sparse.csr_matrix(np.ones((4, 4), dtype=int)), np.array(list("abcd")), most=4) == 1


def test_what_differs_between_documents_is_no_factor():
    counts = sparse.csr_matrix(np.kron(np.eye(4, dtype=int), np.full((10, 5), 3)))
    assert count_factors(counts, np.repeat(list("abcd"), 10), most=10) == 1


def test_a_word_said_again_and_again_in_one_passage_is_no_factor():
    counted = 0
    for seed in range(10):
        generator = np.random.default_rng(seed)
        rows = generator.poisson(0.3, (60, 80)) * generator.geometric(0.4, (60, 80))  # said, and then again
        counted += count_factors(sparse.csr_matrix(rows), np.repeat(["a", "b", "c"], 20), most=10, seed=seed) > 1
    assert counted <= 2


def test_a_shuffle_keeps_every_word_in_its_document():
    matrix, documents = np.arange(24.0).reshape(8, 3), [np.arange(5), np.arange(5, 8)]
    shuffled = factors._shuffle(matrix, documents, np.random.default_rng(0))
    assert (shuffled != matrix).any()
    for rows in documents:
        assert (np.sort(shuffled[rows], axis=0) == matrix[rows]).all()


@given(st.integers(0, 2**32 - 1))
def test_what_is_beyond_a_document_sums_to_nothing_in_it(seed):
    generator = np.random.default_rng(seed)
    counts = sparse.csr_matrix(generator.poisson(0.7, (9, 5)))
    document = np.repeat([0, 1], [6, 3])
    beyond = factors._beyond_document(counts, document, 2)
    assert np.isfinite(beyond).all()
    for number in (0, 1):
        assert np.allclose(beyond[document == number].sum(0), 0, atol=1e-9)


def test_the_leading_factor_is_that_of_the_singular_values():
    matrix = np.random.default_rng(1).normal(size=(7, 5))
    left, values, _ = np.linalg.svd(matrix)
    value, vector = factors._leading(matrix)
    assert value == pytest.approx(values[0] ** 2) and abs(vector @ left[:, 0]) == pytest.approx(1)
