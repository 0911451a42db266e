"""The front page says of the five texts what the counts say."""

import pytest

import crossread as cr


@pytest.fixture(scope="module")
def senses():
    table = cr.study("alliances", texts=False).senses().frame
    return table.pivot(index="key", columns="doc_id", values="sentences_with_hit"), table.pivot(
        index="key", columns="doc_id", values="share"
    )


def test_what_the_front_page_says_of_each_text_is_counted(senses):
    counts, shares = senses
    others = counts.loc["burden_sharing.money"].drop("wesley_2017")
    # “the others hardly do”: not one sentence is counted, and the coders marked few
    assert counts.loc["burden_sharing.money", "wesley_2017"] > 0 and (others == 0).all()
    assert shares.loc["multilateralism.institutions"].idxmax() == "tow_envall_2011"
    assert shares.loc["multilateralism.ties"].idxmax() == "harold_2019"
    for sense in ("bilateral_alliances.treaties", "alliance_dilemma.credibility", "china_rise.deter"):
        assert shares.loc[sense].idxmax() == "lee_2023"
    invited = shares.loc["china_rise.engage"]
    assert invited["baker_glosserman_2013"] > max(invited["wesley_2017"], invited["tow_envall_2011"])
    assert counts.loc["china_rise.deter", "baker_glosserman_2013"] == 0
    assert counts.loc["china_named", "tow_envall_2011"] == 0
