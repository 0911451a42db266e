"""Who does what to whom, by the order of actor, deed and actor."""

import pandas as pd
import pytest

import crossread as cr
from crossread.lexicon import find_hits, make_lexicon
from crossread.measure.deeds import count_deeds, find_deeds, score_deeds

ACTORS = {"velland": ["Velland"], "mirrowe": ["Mirrowe"], "kessary": ["Kessary"]}
DEEDS = {
    "deed.ask": ["asks|ask"],
    "deed.support": ["supports"],
    "passive.support": ["supported by"],
    "group.allies": ["allies"],
}


def deeds_in(text, reach=10):
    corpus = cr.from_texts({"a": text})
    hits = (find_hits(corpus, make_lexicon(name, keys)) for name, keys in (("actors", ACTORS), ("deeds", DEEDS)))
    return find_deeds(*hits, reach=reach)[["agent", "deed", "patient"]].values.tolist()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Velland asks Mirrowe for rent.", [["velland", "ask", "mirrowe"]]),
        ("Velland asks its allies for rent.", [["velland", "ask", "allies"]]),
        ("Velland is supported by Mirrowe.", [["mirrowe", "support", "velland"]]),
        ("Velland asks for rent. Mirrowe hears.", []),  # not across sentences
        ("Velland asks Velland.", []),  # nobody asks himself here
        ("Rain asks Mirrowe for more rain.", []),
        (
            "Velland asks Mirrowe and Kessary supports Velland.",
            [["velland", "ask", "mirrowe"], ["kessary", "support", "velland"]],
        ),
        ("Kessary and Velland ask Mirrowe.", [["velland", "ask", "mirrowe"]]),  # the nearest before
    ],
)
def test_the_nearest_actors_before_and_after_a_deed(text, found):
    assert deeds_in(text) == found


def test_actors_too_far_away_are_no_party():
    text = "Velland, which is a cold and windy country by the sea, asks Mirrowe."
    assert deeds_in(text, reach=5) == [] and deeds_in(text, reach=12) == [["velland", "ask", "mirrowe"]]


def test_deeds_are_counted_by_sentence_of_the_body():
    corpus = cr.from_texts({"a": "# Velland asks Mirrowe\n\nVelland asks Mirrowe. Velland asks Mirrowe. Rain fell."})
    hits = [find_hits(corpus, make_lexicon(name, keys)) for name, keys in (("actors", ACTORS), ("deeds", DEEDS))]
    table = count_deeds(find_deeds(*hits), corpus.sentences)
    assert table[["sentences", "n_sentences"]].values.tolist() == [[2, 3]]


def test_another_lexicon_is_refused():
    hits = find_hits(cr.from_texts({"a": "Costs."}), make_lexicon("themes", {"cost": ["costs"]}))
    with pytest.raises(cr.CrossreadError, match="has the keys deed.…, passive.… and group.…, not cost"):
        find_deeds(hits, hits)


def test_the_score_has_exact_limits():
    score = score_deeds(pd.DataFrame({"right": [1] * 19 + [0] * 8}))
    # Clopper and Pearson for 19 of 27, as R's binom.test(19, 27) prints them
    assert (round(score["low"], 4), round(score["high"], 4)) == (0.4982, 0.8625)
    assert score_deeds(pd.DataFrame({"right": [1]}))["high"] == 1.0


def test_the_deeds_that_were_read_are_those_that_the_rule_finds():
    study = cr.study("alliances", texts=False)
    read = pd.read_csv(study.corpus.folder / "deeds_read.csv")
    names = ["doc_id", "sentence_id", "agent", "deed", "patient"]
    body = study.sentences.index[study.sentences["kind"] == "body"]
    found = study.found_deeds[study.found_deeds["sentence_id"].isin(body)]
    assert sorted(map(tuple, read[names].values)) == sorted(map(tuple, found[names].values))
    assert f"Of {len(read)} deeds read by language model E, {read['right'].sum()} are right" in study.deeds().caption
