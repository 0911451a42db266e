"""The benchmarks run on a small corpus, compare before they time, and name what is not installed."""

import importlib.util
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import generate, quanteda, run, simulate_topics, targets, tasks, topics, waits  # noqa: E402

from crossread import load  # noqa: E402
from crossread.lexicon import find_hits, make_lexicon  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("made") / "made"
    generate.write_corpus(place, 60_000)
    return place


def test_the_made_corpus_has_its_size_and_its_phrases(folder, tmp_path):
    corpus = load(folder)
    assert 0.9 * 60_000 < corpus.documents["n_characters"].sum() < 1.1 * 60_000
    planted = generate.write_corpus(tmp_path / "again", 60_000)
    assert (tmp_path / "again" / "texts" / "text_00003.txt").read_bytes() == (
        folder / "texts" / "text_00003.txt"
    ).read_bytes()
    for phrase, times in planted.items():
        hits = find_hits(corpus, make_lexicon("one", {"one": [phrase]}))
        found = hits["doc_id"].value_counts().reindex(corpus.documents.index, fill_value=0)
        assert (found.to_numpy() >= times).all()  # chance may add some
    assert sum(map(sum, planted.values())) > 10
    counts = corpus.term_matrix("document")
    frequency = np.sort(np.asarray(counts.matrix.sum(axis=0)).ravel())[::-1]
    assert frequency[0] > 20 * np.median(frequency)  # few words make most of the text


def test_every_result_is_compared_and_timed(folder, tmp_path, capsys):
    names = "limit,term counts,load,folder,lexicon,concordance"
    table = run.main(
        ["--folder", str(folder), "--rounds", "1", "--no-memory", "--tasks", names, "--save", "--into", str(tmp_path)]
    )
    timed = table.dropna(subset=["seconds"])
    assert (timed["seconds"] > 0).all() and set(timed["task"]) == {
        name for name in tasks.TASKS if any(part in name for part in names.split(","))
    }
    exact = timed[timed["task"].isin(["term counts", "load", "folder", "lexicon from text", "concordance"])]
    assert set(exact["differs"]) == {"equal"}
    absent = table[table["seconds"].isna()]
    assert absent["remark"].str.startswith("not installed: ").all()
    assert {p.name for p in tmp_path.iterdir()} == {"table.csv", "growth.csv", "machine.json", "chart.png"}
    assert "term counts" in capsys.readouterr().out


def test_a_peer_that_is_missing_is_named(folder, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(run, "find_spec", lambda name: None if name == "sklearn" else real(name))
    table = run.main(["--folder", str(folder), "--rounds", "1", "--no-memory", "--tasks", "term counts"])
    assert table.set_index("who").loc["scikit-learn", "remark"] == "not installed: sklearn"


def test_quanteda_is_named_where_there_is_no_r(folder, monkeypatch):
    monkeypatch.setattr(quanteda.shutil, "which", lambda name: None)
    assert quanteda.installed.__wrapped__() is None
    monkeypatch.setattr(quanteda, "installed", lambda: None)
    table = run.main(["--folder", str(folder), "--rounds", "1", "--no-memory", "--tasks", "concordance"])
    row = table.set_index("who").loc["quanteda, ready-made tokens"]
    assert row["remark"] == f"not installed: {quanteda.NAME}" and np.isnan(row["seconds"])
    assert run.describe_machine()["quanteda"] == "not installed"


@pytest.mark.skipif(quanteda.installed() is None, reason=f"not installed: {quanteda.NAME}")
def test_quanteda_counts_alike_and_ends_with_its_material(folder):
    material, compared = run.Material(folder), []
    for task in tasks.TASKS.values():
        for who, peer in task.runs.items():
            if quanteda.NAME in peer.needs:
                result, seconds, _ = run.timed(peer, material)
                assert 0 < seconds < 60
                ours = next(iter(task.runs.values())).function(material)
                compared.append((who, task.differs(ours, result)))
    assert len(compared) == 7 and {differs for _, differs in compared} == {"equal"}
    processes = list(material._quanteda.values())
    assert len(processes) == 3 and not any(process.poll() is not None for process in processes)
    del material
    assert all(process.poll() == 0 for process in processes)


@pytest.mark.skipif(quanteda.installed() is None, reason=f"not installed: {quanteda.NAME}")
def test_letters_beyond_ascii_reach_quanteda_and_come_back(tmp_path):
    (tmp_path / "a.txt").write_text("Ünïted straße, ünïted Ångström.", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    material = run.Material(tmp_path)
    for given, tokeniser in (("words", "words"), ("text", "default"), ("text", "fastest")):
        result = quanteda.counts(given, tokeniser)(material).result
        assert result == {"ünïted": (2, 1), "straße": (1, 1), "ångström": (1, 1)}


@pytest.mark.parametrize(
    "name", [path.stem for path in Path(topics.__file__).parent.glob("[a-z]*.py") if path.stem != "first_edition"]
)
def test_every_benchmark_asks_for_what_the_library_has(name):
    import_module(f"benchmarks.{name}")  # first_edition asks for that of another library


SOME_TOPICS = ["--documents", "300", "--topics", "3", "--methods"]


def test_topic_models_are_timed_and_scored_on_documents_held_out(capsys):
    counts, planted = topics.planted_corpus(documents=300, terms=200, topics=3)
    train, first, second = topics.split_corpus(counts)
    one_topic = topics.held_out_likelihood(np.asarray(train.sum(0)) / train.sum(), first, second)
    for name in ("crossread", "sklearn lda"):
        found, seconds, processor = topics.run_timed(name, train, 3, seed=1)
        assert one_topic + 0.02 < topics.held_out_likelihood(found, first, second) < 0 < processor
    topics.main([*SOME_TOPICS, "crossread nmf,crossread"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row["method"] for row in rows] == ["crossread", "crossread nmf"] and np.isfinite(rows[0]["held_out"])


@pytest.mark.skipif(not topics.installed("seededlda"), reason="not installed: Rscript with seededlda")
def test_seededlda_finds_planted_topics_and_times_itself(capsys):
    counts, planted = topics.planted_corpus(documents=300, terms=200, topics=3)
    train, first, second = topics.split_corpus(counts)
    found, seconds, processor = topics.run_timed("seededlda", train, 3, seed=1)
    assert found.shape == (3, train.shape[1]) and np.allclose(found.sum(1), 1)
    one_topic = np.asarray(train.sum(0)) / train.sum()
    likelihood = topics.held_out_likelihood(found, first, second)
    assert topics.held_out_likelihood(one_topic, first, second) + 0.02 < likelihood < 0
    assert 0 < seconds < 60 and 0 < processor < 120
    topics.main([*SOME_TOPICS, "seededlda"])
    row = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert row["method"] == "seededlda" and row["version"][0].isdigit()
    assert np.isfinite(row["held_out"]) and row["seconds"] > 0


def test_seededlda_is_named_where_there_is_no_r(monkeypatch, capsys):
    monkeypatch.setattr(topics.shutil, "which", lambda name: None)
    monkeypatch.setattr(topics, "seededlda_version", topics.seededlda_version.__wrapped__)
    topics.main([*SOME_TOPICS, "seededlda"])
    rows = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert rows[1:] == [{"method": "seededlda", "left_out": "not installed"}]


def test_every_topic_method_can_be_asked_for_by_its_name(capsys):
    assert not any("," in name for name in topics.METHODS)
    with pytest.raises(SystemExit):
        topics.main(["--methods", "crossread,gensim"])
    assert "no method is called gensim; the methods are crossread, " in capsys.readouterr().err


def test_a_wrong_result_is_told():
    ours = {"a": (2, 1), "b": (1, 1)}
    assert tasks.counts_apart(ours, {"b": (1, 1), "a": (2, 1)}) == "equal"
    assert tasks.counts_apart(ours, {"a": (2, 2), "c": (1, 1)}) == "3 of 2 terms"
    assert tasks.hits_apart({"x": 3}, {"x": 1}) == "2 of 3 hits"
    assert tasks.same_number(2, 3) != "equal"


def test_some_tasks_take_the_place_of_their_earlier_rows():
    saved = pd.DataFrame({"megabytes": [1.0, 1.0, 10.0], "task": ["term counts", "load", "load"], "seconds": [1, 2, 3]})
    new = pd.DataFrame({"megabytes": [1.0], "task": ["load"], "seconds": [9]})
    assert run.put_in(saved, new).values.tolist() == [[1.0, "term counts", 1], [1.0, "load", 9], [10.0, "load", 3]]


def test_waits_grow_between_the_two_largest_sizes_that_were_done():
    rows = [("open", 50, "1.0", "9"), ("open", 500, "10.0", "9"), ("open", 5000, "> 60 s", "")]
    assert waits.growth_of(rows) == "1.00" and waits.growth_of(rows[:1]) == ""
    assert waits.as_table(rows).splitlines()[-1] == "| open | 1.0 s, 9 MB | 10.0 s, 9 MB | > 60 s | 1.00 |"


def test_growth_is_the_slope_of_logarithms():
    table = pd.DataFrame(
        {
            "task": "t",
            "who": ["a", "a", "b"],
            "megabytes": [1.0, 10.0, 10.0],
            "seconds": [0.1, 10.0, np.nan],
            "cpu_seconds": [0.1, 1.0, np.nan],
        }
    )
    assert run.growth(table).values.tolist() == [["t", "a", 1.0, 10.0, 2.0, 1.0]]


def test_the_machine_is_described_without_a_name_or_a_path():
    import platform

    text = str(run.describe_machine())
    assert platform.node() not in text and str(Path.home()) not in text and "/" not in text


def test_the_targets_in_the_readme_are_those_of_the_saved_run(tmp_path):
    readme = ROOT / "benchmarks" / "README.md"
    copy = tmp_path / "README.md"
    copy.write_text(readme.read_text(encoding="utf-8"), encoding="utf-8")
    targets.write(readme=copy)
    assert copy.read_text(encoding="utf-8") == readme.read_text(encoding="utf-8")
    assert len(targets.saved()) > 10


def test_planted_numbers_of_topics_are_asked_for_and_other_rows_stay(monkeypatch, capsys, tmp_path):
    before = pd.read_csv(simulate_topics.PLANTED, keep_default_na=False)
    table = tmp_path / "planted.csv"
    table.write_bytes(simulate_topics.PLANTED.read_bytes())
    monkeypatch.setattr(simulate_topics, "PLANTED", table)
    monkeypatch.setattr(simulate_topics, "numbers_found", lambda lengths, kind, rounds, first: [None] * rounds)
    monkeypatch.setattr(simulate_topics, "MORE", 1)
    simulate_topics.main(["--rounds", "2", "--lengths", "study", "--kinds", "noise,3 even", "--save"])
    told = [line.split(" | ") for line in capsys.readouterr().out.splitlines()]
    assert [(line[1], line[5]) for line in told] == [("noise", "none: 2"), ("3 even", "none: 2")]
    after = pd.read_csv(table, keep_default_na=False)
    again = (after["documents"] == "study") & after["planted"].isin(["noise", "3 even"])
    assert after[~again].equals(before[~again]) and after.loc[again, "rounds"].tolist() == [2, 2]
    assert after[["documents", "passages", "planted"]].equals(before[["documents", "passages", "planted"]])


def test_a_run_of_some_methods_keeps_the_rows_of_the_others(tmp_path):
    saved = pd.DataFrame({"method": ["crossread", "sklearn lda", "tomotopy 200"], "seconds": [1.0, 2.0, 3.0]})
    saved.to_csv(tmp_path / "topics.csv", index=False)
    found = topics.put_in(
        pd.DataFrame({"method": ["tomotopy 200", "crossread"], "seconds": [4.0, 5.0]}), tmp_path / "topics.csv"
    )
    assert found.values.tolist() == [["crossread", 5.0], ["sklearn lda", 2.0], ["tomotopy 200", 4.0]]


@pytest.mark.parametrize(("seconds", "held_out", "met"), [(20.0, -7.0, True), (20.0, -6.9, False), (9.0, -7.0, False)])
def test_quick_topics_meet_their_target_only_when_they_are_no_worse(seconds, held_out, met):
    run = pd.DataFrame({
        "documents": 12_000, "method": ["crossread", targets.TOMOTOPY], "seconds": [2.0, seconds],
        "processor_seconds": [4.0, 44.0], "held_out": [-6.95, held_out],
    })  # fmt: skip
    (row,) = targets.topic_targets({"prose": run}).itertuples()
    assert row.met == met and row.target.startswith("LDA, 12,000 documents, prose")
    assert row.measured == f"{seconds / 2:.3g} times (11), -6.950 to {held_out:.3f}"


def test_a_target_is_met_or_missed_by_the_quickest_peer():
    rows = [
        (10.01, "lexicon from text", "crossread", 1.0, 1.0),
        (10.01, "concordance", "crossread", 1.0, 1.0),
        (10.01, "concordance", "quanteda, ready-made tokens", 2.0, 2.5),
        (10.01, "term counts", "crossread", 1.0, 1.0),
        (10.01, "term counts", "polars", 3.6, 5.0),
        (10.01, "term counts", "scikit-learn", np.nan, np.nan),
    ]
    table = pd.DataFrame(rows, columns=["megabytes", "task", "who", "ratio", "cpu_ratio"])
    table["seconds"], table["peak_mb"] = table["ratio"], np.nan
    slopes = pd.DataFrame(columns=["task", "who", "from_mb", "to_mb", "slope", "cpu_slope"])
    slopes["who"] = slopes["who"].astype(str)
    found = targets.target_table(table, slopes, {"import_seconds": {"crossread": 0.5, "pandas": 0.4}})
    assert found[["measured", "met"]].values.tolist() == [
        ["3.6 times (5)", True],
        ["2 times (2.5)", False],
        ["1.25", False],
    ]
