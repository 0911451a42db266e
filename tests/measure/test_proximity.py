"""Nearness of documents: against published numbers and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import from_texts
from crossread.errors import CrossreadError
from crossread.measure import proximity as near

SMOKERS = [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]]


@pytest.fixture(scope="module")
def three():
    return from_texts(
        {
            "a": "Ships sail the sea. Men sail far. " * 60,
            "b": "Ships sail the wide sea. Men rest. " * 60,
            "c": "Farmers plough soil for corn. Rain falls. " * 60,
        }
    )


def test_correspondence_of_the_smokers():
    # Greenacre 1984, table 3.1; inertias and coordinates as printed by the R package ca (smoke)
    found = near.correspondence_of(SMOKERS)
    assert found["inertia"] == pytest.approx([0.074759, 0.010017, 0.000414], abs=1e-6)
    standard = [-0.240539, 0.947105, -1.391973, 0.851989, -0.735456]
    principal = np.array(standard) * np.sqrt(0.074759)
    sign = -1.0  # the row farthest out is made positive here
    assert found["rows"][:, 0] == pytest.approx(sign * principal, abs=2e-5)
    assert found["row_mass"] @ found["rows"] == pytest.approx(0, abs=1e-9)


def test_distances_on_the_map_are_chi_squared_distances():
    found = near.correspondence_of(SMOKERS)
    table = np.array(SMOKERS, float)
    profiles = table / table.sum(axis=1, keepdims=True)
    chi = ((profiles[0] - profiles[1]) ** 2 / (table.sum(axis=0) / table.sum())).sum()
    assert ((found["rows"][0] - found["rows"][1]) ** 2).sum() == pytest.approx(chi)


def test_similarities_by_hand():
    counts = [[2, 1, 0], [1, 0, 1]]
    assert near.similarity_of(counts)[0, 1] == pytest.approx(2 / np.sqrt(5 * 2))
    idf = np.log(3 / 2) + 1
    a, b = np.array([2, idf, 0]), np.array([1, 0, idf])
    assert near.similarity_of(counts, "cosine_tfidf")[0, 1] == pytest.approx(a @ b / np.sqrt((a @ a) * (b @ b)))
    p, q = np.array([2, 1, 0]) / 3, np.array([1, 0, 1]) / 2
    m = (p + q) / 2
    bits = (p[:2] * np.log2(p[:2] / m[:2])).sum() / 2 + (q[[0, 2]] * np.log2(q[[0, 2]] / m[[0, 2]])).sum() / 2
    assert near.similarity_of(counts, "jensen_shannon")[0, 1] == pytest.approx(np.sqrt(bits))
    # Delta: standardised shares of two documents differ by sqrt(2) in every word that differs at all
    assert near.similarity_of([[1, 3], [3, 1]], "delta")[0, 1] == pytest.approx(np.sqrt(2))
    with pytest.raises(CrossreadError, match="not known"):
        near.similarity_of(counts, "euclid")


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any), min_size=2, max_size=5))
def test_measures_are_symmetric_and_bounded(rows):
    for measure in near.MEASURES:
        found = near.similarity_of(rows, measure)
        assert np.allclose(found, found.T)
        assert np.allclose(np.diag(found), 1 if measure in near.SIMILAR else 0, atol=1e-7)
        if measure != "delta":
            assert found.min() >= -1e-9 and found.max() <= 1 + 1e-9


def test_similarity_table(three):
    table = near.similarity(three, draws=200)
    assert list(table.columns) == list(near.SIMILARITY)
    pairs = table.set_index(["doc_a", "doc_b"])
    assert pairs.loc[("a", "b"), "value"] > pairs.loc[("a", "c"), "value"]
    assert pairs.loc[("a", "a"), "value"] > 0.99  # two halves of a text that repeats itself
    different = table[table["doc_a"] != table["doc_b"]]
    assert ((different["low"] <= different["value"]) & (different["value"] <= different["high"])).all()


def test_correspondence_table(three):
    table = near.correspondence(three, minimum_count=5, draws=100)
    assert list(table.columns) == list(near.CORRESPONDENCE)
    documents = table[table["kind"] == "document"].set_index("name")
    assert documents["contribution_x"].sum() == pytest.approx(1) and documents["mass"].sum() == pytest.approx(1)
    assert table.loc[table["kind"] == "term", "contribution_x"].sum() == pytest.approx(1)
    assert documents["x"].abs().idxmax() == "c" and documents.loc["c", "x"] > 0
    assert documents["quality"].tolist() == pytest.approx([1, 1, 1])  # three documents fill two axes
    with pytest.raises(CrossreadError, match="two documents"):
        near.correspondence(from_texts({"a": "Ships sail far."}))


def test_two_documents_have_one_axis():
    two = from_texts({"a": "Ships sail the sea. " * 40, "b": "Men plough the soil. " * 40})
    table = near.correspondence(two, minimum_count=5, draws=20)
    assert table["share_x"].iloc[0] == pytest.approx(1) and (table["y"] == 0).all()


def test_of_too_many_documents_it_says_so_at_once_and_what_to_do_instead():
    many = from_texts({f"d{number:03d}": "Allies pay." for number in range(201)})
    with pytest.raises(CrossreadError, match=r"there are 201; it is done for 200 at most.*by=…"):
        near.similarity(many)
    with pytest.raises(CrossreadError, match=r"200 documents at most, and there are 201.*by=…"):
        near.correspondence(many)
