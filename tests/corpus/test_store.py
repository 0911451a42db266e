"""A stored corpus against the one built in memory; its key; damage; two processes at once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crossread import CrossreadError, load
from crossread.corpus import store as store_module

TOY = {
    "a": "# On pay\n\nThe alli\u00ad\nance pays. The U.S. talks; “we pay”, it said.\n\n- One thing.\n",
    "b": "Nobody pays. " * 40 + "\n\nCafés in Zürich — 1,000 of them.\n",
    "c": "Perhaps.",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "toy" / "texts").mkdir(parents=True)
    for doc_id, text in TOY.items():
        (tmp_path / "toy" / "texts" / f"{doc_id}.txt").write_text(text, encoding="utf-8", newline="")
    rows = "".join(f"{doc_id},{doc_id.upper()},Title,2020\n" for doc_id in TOY)
    (tmp_path / "toy" / "documents.csv").write_text("doc_id,label,title,year\n" + rows, encoding="utf-8")
    return tmp_path / "toy"


def stores(folder):
    home = folder / ".crossread"
    assert (home / ".gitignore").read_text() == "*\n", "a store holds texts that git must not add"
    return sorted(p for p in home.iterdir() if p.name != ".gitignore")


def assert_same(one, other):
    for table in ("documents", "sentences", "counts", "cuts"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert one.tokens.types == other.tokens.types
    for name in ("ids", "starts", "ends", "sentence", "sentence_pointers", "document_pointers"):
        a, b = getattr(one.tokens, name), getattr(other.tokens, name)
        assert a.dtype == b.dtype and np.array_equal(a, b), name
    assert dict(one.source.source_texts()) == dict(other.source.source_texts())
    assert one.notices == other.notices


@pytest.fixture
def no_building(monkeypatch):
    """Call it, and to build a store is an error from then on."""

    def forbid():
        def refuse(*args):
            raise AssertionError("the store was built again")

        monkeypatch.setattr(store_module, "_build", refuse)

    return forbid


def test_a_stored_corpus_is_the_same_corpus(folder, no_building, monkeypatch):
    monkeypatch.setattr("crossread.corpus.columns.BATCH", 50)  # several batches
    plain = load(folder, store=False)
    assert not (folder / ".crossread").exists()
    assert_same(load(folder, store=True), plain)
    no_building()
    assert_same(load(folder, store=True), plain)


@pytest.mark.parametrize("name", ["practice"])
def test_the_practice_corpus_in_every_format(name, tmp_path, no_building):
    from crossread.corpus import corpus_folder

    shutil.copytree(corpus_folder(name), tmp_path / name, ignore=shutil.ignore_patterns(".crossread"))
    plain = load(tmp_path / name)
    assert_same(load(tmp_path / name, store=True), plain)
    no_building()
    assert_same(load(tmp_path / name, store=True), plain)


def test_small_corpora_leave_nothing_behind(folder):
    load(folder)
    assert not (folder / ".crossread").exists()


def test_large_ones_are_stored_unasked(folder, monkeypatch):
    monkeypatch.setattr(sys.modules["crossread.corpus.load"], "STORED_FROM", 10)
    load(folder)
    assert len(stores(folder)) == 1


def test_the_key_follows_text_rules_and_code(folder, monkeypatch, tmp_path_factory):
    load(folder, store=True)
    first = stores(folder)
    assert len(first) == 1
    (folder / "texts" / "c.txt").write_text("Perhaps not.", encoding="utf-8")
    assert load(folder, store=True).documents.loc["c", "n_tokens"] == 2
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yml").write_text("- cut: One thing\n  reason: trial\n", encoding="utf-8")
    assert "trial" in set(load(folder, store=True).cuts["reason"])
    assert len(stores(folder)) == store_module.KEPT and not set(stores(folder)) & set(first)  # the oldest have gone
    now = set(stores(folder))
    room = tmp_path_factory.mktemp("room")
    (room / "tokens.py").write_text("LETTERS = 'abc'\n", encoding="utf-8")
    monkeypatch.setattr(store_module, "__file__", str(room / "store.py"))
    load(folder, store=True)
    assert set(stores(folder)) - now


def test_labels_are_read_anew_each_time(folder, no_building):
    load(folder, store=True)
    no_building()
    table = folder / "documents.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("a,A,", "a,Another label,"), encoding="utf-8")
    assert load(folder, store=True).documents.loc["a", "label"] == "Another label"


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1])


def turn_a_byte(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["ids.npy", "texts.npy", "sentence.npy", "cut_reason.npy", "facts.json"])
@pytest.mark.parametrize("damage", [cut_short, turn_a_byte, os.remove])
def test_a_damaged_store_is_built_again(folder, name, damage):
    plain = load(folder, store=False)
    load(folder, store=True)
    damage(stores(folder)[0] / name)
    assert_same(load(folder, store=True), plain)
    assert [p.suffix for p in stores(folder)] == [""]
    assert store_module._open(stores(folder)[0]) is not None


def test_a_byte_turned_anywhere_is_seen(folder, monkeypatch):
    monkeypatch.setattr(store_module, "_BLOCK", 8)
    whole = load(folder, store=True)
    path = stores(folder)[0] / "ids.npy"
    written = path.read_bytes()
    assert len(written) // 8 > store_module._SAMPLE
    for at in range(128, len(written), len(written) // 7):
        path.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
        assert store_module._open(path.parent) is None, at
    path.write_bytes(written)
    assert store_module._open(path.parent) is not None and len(load(folder, store=True).tokens) == len(whole.tokens)


def test_facts_that_are_json_but_not_ours(folder):
    load(folder, store=True)
    place = stores(folder)[0] / "facts.json"
    place.write_text("00000000\n" + json.dumps({"types": []}), encoding="ascii")
    assert len(load(folder, store=True).tokens) > 0


def test_two_processes_at_once(folder):
    code = f"import sys; sys.path[:0] = {sys.path!r}; from crossread import load; c = load(sys.argv[1], store=True)"
    code += "; print(len(c.tokens), c.sentences['text'].str.len().sum())"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    printed = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    plain = load(folder, store=False)
    assert set(printed) == {f"{len(plain.tokens)} {plain.sentences['text'].str.len().sum()}\n"}
    assert [p.suffix for p in stores(folder)] == [""]


def test_the_one_who_comes_second_takes_what_is_there(folder, tmp_path, monkeypatch):
    load(folder, store=True)
    place = stores(folder)[0]
    written = (place / "facts.json").stat().st_mtime_ns
    real = store_module.read_documents_into

    def slow(*arguments):
        facts = real(*arguments)
        shutil.copytree(elsewhere, place)  # what another process has just finished
        return facts

    elsewhere = place.rename(tmp_path / place.name)
    monkeypatch.setattr(store_module, "read_documents_into", slow)
    assert len(load(folder, store=True).tokens) and stores(folder) == [place]
    assert (place / "facts.json").stat().st_mtime_ns == written


def test_a_failure_leaves_no_half_store(folder, monkeypatch):
    def fail(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(store_module, "read_documents_into", fail)
    with pytest.raises(KeyboardInterrupt):
        load(folder, store=True)
    assert stores(folder) == []


def test_where_no_store_can_be_written_the_corpus_is_loaded_all_the_same(folder):
    (folder / ".crossread").write_text("a file in the way", encoding="utf-8")
    corpus = load(folder, store=True)
    assert any("no store could be written" in notice for notice in corpus.notices)
    assert len(corpus.tokens) == len(load(folder, store=False).tokens)


def test_a_text_that_changes_meanwhile(folder, monkeypatch):
    real = store_module.read_text

    def late(path):
        Path(path).write_text("Something else entirely.", encoding="utf-8")
        return real(path)

    monkeypatch.setattr(store_module, "read_text", late)
    with pytest.raises(CrossreadError, match="was changed while it was read"):
        load(folder, store=True)
    assert stores(folder) == []


def test_a_store_moved_from_another_corpus_is_not_opened(tmp_path):
    for name, text in (("one", "Allies pay. They talk."), ("other", "Rain falls all day.")):
        (tmp_path / name / "texts").mkdir(parents=True)
        (tmp_path / name / "texts" / "a.txt").write_text(text)
        (tmp_path / name / "documents.csv").write_text("doc_id,label,title,year\na,A,T,2020\n")
        load(tmp_path / name, store=True)
    one, other = (stores(tmp_path / name)[0] for name in ("one", "other"))
    shutil.rmtree(other)
    shutil.copytree(one, other)
    assert load(tmp_path / "other", store=True).documents.loc["a", "n_tokens"] == 4
    assert list(load(tmp_path / "other", store=True).tokens.types) != list(load(tmp_path / "one").tokens.types)
