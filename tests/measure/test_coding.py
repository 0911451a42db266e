import pandas as pd
import pytest

from crossread import from_texts
from crossread.coding_widget import Coding
from crossread.errors import CrossreadError, TextNeeded
from crossread.measure.coding import CodingSession

KEYS = ("cost", "war")
TEXT = "Allies pay for defence. Rain falls on the capital. Nobody wants a war. The costs are <script>high</script>."


@pytest.fixture
def corpus():
    return from_texts({"a": TEXT})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "codes-me.csv"


def test_a_session_is_saved_after_each_sentence_and_taken_up_again(corpus, path):
    session = CodingSession(corpus, KEYS, "me", codebook="2", path=path, seed=1)
    first = session.sentence_id
    session.record({"cost": 2, "war": 0})
    assert session.sentence_id != first and not session.is_done
    table = pd.read_csv(path, dtype={"codebook": str})
    assert table.values.tolist() == [["a", first, "me", "2", 2, 0]]
    assert table.columns.tolist() == ["doc_id", "sentence_id", "coder", "codebook", *KEYS]
    again = CodingSession(corpus, KEYS, "me", codebook="2", path=path, seed=1)
    assert again.n_coded == 1 and again.sentence_id == session.sentence_id
    while not again.is_done:
        again.record({"cost": 0, "war": 1})
    assert again.n_coded == 4 and len(pd.read_csv(path)) == 4
    assert not list(path.parent.glob(".*draft"))


def test_the_order_is_drawn_and_the_same_for_the_same_seed(corpus, path):
    many = from_texts({"a": " ".join(f"Sentence number {n} stands here." for n in range(40))})
    first, same, other = (CodingSession(many, KEYS, "me", path=path, seed=seed).order for seed in (1, 1, 2))
    assert first == same != other and first != sorted(first) and sorted(first) == sorted(other)


def test_a_file_of_another_coder_or_codebook_is_left_alone(corpus, path):
    CodingSession(corpus, KEYS, "me", path=path).record({"cost": 0, "war": 0})
    before = path.read_bytes()
    with pytest.raises(CrossreadError, match="codes-me.csv: was coded by me, not you; choose another file"):
        CodingSession(corpus, KEYS, "you", path=path)
    with pytest.raises(CrossreadError, match="by version “1” of the codebook, not “2”"):
        CodingSession(corpus, KEYS, "me", codebook="2", path=path)
    with pytest.raises(CrossreadError, match="the column “peace” is missing"):
        CodingSession(corpus, ["peace"], "me", path=path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("codes", [{"cost": 3, "war": 0}, {"cost": 1}, {"cost": 1, "war": 0, "peace": 1}])
def test_codes_that_are_none_are_refused(corpus, path, codes):
    session = CodingSession(corpus, KEYS, "me", path=path)
    with pytest.raises(CrossreadError, match="A code is 0, 1 or 2 for each of cost, war"):
        session.record(codes)
    assert session.n_coded == 0 and not path.exists()


def test_what_a_session_needs(corpus, path, tmp_path):
    with pytest.raises(CrossreadError, match="The coder needs a name"):
        CodingSession(corpus, KEYS, "../me", path=path)
    with pytest.raises(CrossreadError, match="say where the codes are to be kept"):
        CodingSession(corpus, KEYS, "me")
    with pytest.raises(CrossreadError, match="no sentence “b-001”"):
        CodingSession(corpus, KEYS, "me", path=path, sentence_ids=["b-001"])
    from crossread import load

    with pytest.raises(TextNeeded, match="crossread attach"):
        CodingSession(load("alliances", texts=False), KEYS, "me", path=path)


def test_a_file_that_cannot_be_written_loses_nothing(corpus, tmp_path):
    (tmp_path / "nowhere").write_text("a file where a folder should be")
    session = CodingSession(corpus, KEYS, "me", path=tmp_path / "nowhere" / "codes.csv")
    here = session.sentence_id
    with pytest.raises(CrossreadError, match="codes.csv cannot be written"):
        session.record({"cost": 1, "war": 1})
    assert session.sentence_id == here and session.n_coded == 0


def test_the_widget_is_driven_by_the_keyboard(corpus, path):
    session = CodingSession(corpus, KEYS, "me", path=path, seed=1)
    widget = Coding(session).widget
    first = session.sentence_id
    widget.digits.value = "2 1"
    assert session.codes[first] == {"cost": 2, "war": 1} and widget.digits.value == ""
    assert "1 of 4 sentences drawn for coding are coded by me" in widget.progress.value
    for wrong in ("2", "2 1 0", "2x", "2 7"):
        widget.digits.value = wrong
        assert 'role="alert"' in widget.message.value and session.n_coded == 1
    widget.digits.value = "01"
    assert session.n_coded == 2 and widget.message.value == ""


def test_the_widget_is_driven_by_its_buttons(corpus, path):
    session = CodingSession(corpus, KEYS, "me", path=path, seed=1)
    widget = Coding(session).widget
    shown = [widget.sentence.value]
    widget.choices["cost"].value = 2
    widget.save.click()
    first = session.order[0]
    assert session.codes[first] == {"cost": 2, "war": 0} and widget.choices["cost"].value == 0
    widget.skip.click()
    shown.append(widget.sentence.value)
    assert session.n_coded == 1 and len(set(shown)) == 2
    widget.back.click()
    widget.back.click()
    assert session.sentence_id == first and widget.choices["cost"].value == 2  # what was coded is shown again
    widget.choices["cost"].value = 1
    widget.save.click()
    assert session.codes[first]["cost"] == 1 and session.n_coded == 1


def test_the_sentence_is_shown_as_text_and_nothing_of_the_machine(corpus, path):
    session = CodingSession(corpus, KEYS, "me", path=path)
    widget = Coding(session).widget
    while "high" not in session.text:
        widget.skip.click()
    assert "&lt;script&gt;high&lt;/script&gt;" in widget.sentence.value and "<script>" not in widget.sentence.value
    assert widget.choices["cost"].value == 0 and widget.choices["cost"].options[2] == ("2 core", 2)


def test_agreement_is_shown_on_the_sentences_that_both_have_coded(corpus, path):
    ids = sorted(corpus.sentences.index)
    other = pd.DataFrame({"doc_id": "a", "sentence_id": ids[:3], "coder": "other", "cost": [2, 0, 0], "war": [0, 0, 2]})
    session = CodingSession(corpus, KEYS, "me", path=path)
    answers = {ids[0]: (2, 0), ids[1]: (0, 0), ids[2]: (0, 0), ids[3]: (2, 0)}
    widget = Coding(session, other).widget
    assert widget.agreement.value == ""
    while not session.is_done:
        widget.digits.value = " ".join(map(str, answers[session.sentence_id]))
    widget.compare.click()
    assert "on 3 sentences" in widget.agreement.value and "cost 1.00 (1.00 to 1.00)" in widget.agreement.value
    table = session.measure_agreement(other).set_index("key")
    assert table.loc["cost", "alpha"] == 1 and table.loc["war", "alpha"] <= 0
    assert Coding(session).widget.compare.layout.display == "none"
