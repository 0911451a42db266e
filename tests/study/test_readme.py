"""The front page says of the five texts what the counts say."""

import re

import pytest

import crossread as cr
from crossread.corpus import project_folder

README = project_folder() / "README.md"


@pytest.fixture(scope="module")
def senses():
    table = cr.study("alliances", texts=False).senses().frame
    return table.pivot(index="key", columns="doc_id", values="sentences_with_hit"), table.pivot(
        index="key", columns="doc_id", values="share"
    )


def test_the_picture_says_its_finding_to_those_who_cannot_see_it():
    answer = cr.study("alliances", texts=False).senses()
    (alt,) = re.findall(r"!\[(.*?)\]\(figures/fig-05-senses\.png\)", README.read_text(encoding="utf-8"))
    assert answer.alt.startswith(alt) and len(alt) > 60


def test_what_the_front_page_says_of_each_text_is_counted(senses):
    counts, shares = senses
    others = counts.loc["burden_sharing.money"].drop("wesley_2017")
    assert counts.loc["burden_sharing.money", "wesley_2017"] > 0 and (others == 0).all()  # “the others do not”
    assert shares.loc["multilateralism.ties"].idxmax() == "harold_2019"
    assert shares.loc["china_rise.deter"].idxmax() == "lee_2023"
    assert shares.loc["china_rise.engage"].idxmax() == "baker_glosserman_2013"
    assert counts.loc["china_named", "tow_envall_2011"] == 0
