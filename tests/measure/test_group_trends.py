"""Lines over the years within groups: each as if the group stood alone, p-values paid for by the number of groups."""

import numpy as np
import pandas as pd
import pytest

import crossread as cr
from crossread import measure
from crossread.errors import CrossreadError


@pytest.fixture(scope="module")
def study():
    return cr.study("parties")


def test_a_group_alone_gives_its_own_line(study):
    table = study.group_trends("party").frame
    only = study.documents["party"] == "Shore League"
    years = study.documents.assign(year=study.documents["year"].where(only))
    alone = measure.theme_trends(study.hits, study.sentences, measure.group_documents(years, "year"))
    own = table[table["group"] == "Shore League"].reset_index(drop=True)
    assert own["key"].tolist() == alone["key"].tolist()
    assert np.allclose(own["per_decade"], alone["per_decade"]) and np.allclose(own["low"], alone["low"])
    assert np.allclose(own["p_adjusted"], np.minimum(1, 3 * alone["p_adjusted"]))


def test_what_was_planted_is_found_in_every_party_and_nothing_else(study):
    table = study.group_trends("party").frame
    supported = table[table["verdict"] == "supported"]
    assert sorted(supported["group"]) == ["Green Current", "Harbour Union", "Shore League"]
    assert set(supported["key"]) == {"rival_rise"}
    assert study.group_trends("party").finding.startswith("In general “Osmarra's rise” grows in 3 of 3 groups. ")


def test_groups_too_small_for_a_line_are_told():
    frame = pd.DataFrame({"doc_id": list("abcd"), "text": [f"Allies pay {n}. They talk." for n in range(4)]})
    study = cr.study(frame.assign(year=[1, 2, 3, 4], party=list("xxxy")), lexicon={"cost": ["pay"]})
    answer = study.group_trends("party")
    assert answer.frame["group"].tolist() == ["x"] and answer.frame["verdict"].tolist() == ["too few units"]
    assert answer.finding.endswith(
        "Without a line: 1 document, of groups with fewer than three of them or without a year."
    )
    with pytest.raises(
        CrossreadError, match="^No group of “doc” has three documents with a year; a line needs as many.$"
    ):
        cr.study(frame.assign(year=[1, 2, 3, 4], doc=list("wxyz")), lexicon={"cost": ["pay"]}).group_trends("doc")


def test_a_line_with_narrow_limits_is_not_supported_where_dealing_the_years_cannot_tell():
    def text(paying):
        return " ".join(["Allies pay."] * paying + ["Rain falls."] * (20 - paying))

    frame = pd.DataFrame(
        {"doc_id": list("abcd"), "text": list(map(text, (2, 6, 10, 14))), "year": [2000, 2010, 2020, 2030]}
    )
    row = cr.study(frame, text="text", lexicon={"cost": ["pay*"]}).trends().frame.iloc[0]
    assert row["low"] > 0 and row["p"] == pytest.approx(2 / 24), (
        "all four on one line, and two of 24 orders are as steep"
    )
    assert row["verdict"] == "too few units"
