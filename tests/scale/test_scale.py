"""Counting in shards, on a cluster, with bad files and a worker that dies, against counting at once."""

import os
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from crossread import CrossreadError, load
from crossread.corpus import corpus_folder
from crossread.lexicon import find_hits, make_lexicon
from crossread_press.commands import main
from crossread_scale import count_folder, counting

LEXICON = make_lexicon("trial", {"pay": ["pay*", "share the cost*"], "talk": ["talk*"]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve texts of different words, with notes, headings and a Unicode name or two."""
    place = tmp_path_factory.mktemp("twelve") / "twelve"
    (place / "texts").mkdir(parents=True)
    generator = np.random.default_rng(3)
    words = "allies pay paying share the costs cost talks talk of Zürich 蔣介石 U.S. us don’t burden-sharing".split()
    for i in range(12):
        sentences = [" ".join(generator.choice(words, generator.integers(3, 30))) + ". And so on." for _ in range(80)]
        text = f"# Text {i}\n\n" + "\n\n".join(" ".join(sentences[j : j + 8]) for j in range(0, 80, 8))
        (place / "texts" / f"t{i:02d}.md").write_text(text + f"\n\nOnly{i} here.\n", encoding="utf-8")
    rows = "".join(f"t{i:02d},Text {i},Text {i},2020\n" for i in range(12))
    (place / "documents.csv").write_text("doc_id,label,title,year\n" + rows, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def corpus(folder):
    return load(folder, store=False)


def assert_counted_alike(counted, corpus, output=None):
    """Terms, documents and tables of a folder against those of the corpus loaded at once."""
    matrix = corpus.term_matrix("document")
    expected = pd.DataFrame(
        {
            "term": matrix.terms,
            "count": np.asarray(matrix.matrix.sum(axis=0)).ravel(),
            "n_documents": np.diff(matrix.matrix.tocsc().indptr),
        }
    ).sort_values(["count", "term"], ascending=[False, True], ignore_index=True)
    pd.testing.assert_frame_equal(counted.terms, expected, check_dtype=False)
    columns = ["n_characters", "n_paragraphs", "n_sentences", "n_tokens"]
    pd.testing.assert_frame_equal(counted.documents[columns], corpus.documents[columns], check_index_type=False)
    tables = {
        "sentences": corpus.sentences.drop(columns="text").reset_index(),
        "counts": corpus.counts,
        "hits": find_hits(corpus, LEXICON),
    }
    for name, table in tables.items() if output else ():
        pd.testing.assert_frame_equal(pd.read_parquet(output / name).astype(str), table.astype(str))


@pytest.mark.parametrize("shard_bytes", [1, 9_000, 10**9])
def test_shards_of_any_size_give_what_loading_gives(folder, corpus, tmp_path, shard_bytes):
    pytest.importorskip("pyarrow", reason="the extra “scale” (pyarrow) is not installed")
    for output in (None, tmp_path / "out"):
        counted = count_folder(folder, lexicon=LEXICON, output=output, shard_bytes=shard_bytes)
        assert counted.failures.empty
        assert_counted_alike(counted, corpus, output)


def test_the_practice_corpus_with_its_rules_and_formats(tmp_path):
    pytest.importorskip("pyarrow", reason="the extra “scale” (pyarrow) is not installed")
    counted = count_folder(corpus_folder("practice"), lexicon=LEXICON, output=tmp_path / "out", shard_bytes=1)
    assert_counted_alike(counted, load("practice"), tmp_path / "out")


def test_any_folder_of_texts(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("One Text.txt", "deep/one text.txt", "deep/two.md"):
        (tmp_path / name).write_text(f"Allies pay in {name[-5]}.", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"x")
    counted = count_folder(tmp_path)
    assert counted.documents.index.tolist() == ["one_text", "deep_one_text", "two"]
    assert counted.terms.set_index("term").loc["allies"].tolist() == [3, 3]


BAD = {"t12.txt": b"\x7fELF\x02\x01\x00 is no text.", "t13.txt": b"   \n", "t14.txt": b"* * *\n\n---\n"}


@pytest.fixture
def spoiled(folder, tmp_path):
    import shutil

    place = tmp_path / "spoiled"
    shutil.copytree(folder / "texts", place)
    for name, data in BAD.items():
        (place / name).write_bytes(data)
    return place


def test_bad_files_are_named_at_the_end(spoiled, corpus):
    counted = count_folder(spoiled, shard_bytes=20_000, lexicon=LEXICON)
    assert [os.path.basename(name) for name in counted.failures["file"]] == list(BAD)
    assert all(file in problem for file, problem in counted.failures.itertuples(index=False))
    assert_counted_alike(counted, corpus)


@pytest.mark.parametrize("shard_bytes", [1, 10**9])
def test_the_same_text_twice_is_named(tmp_path, shard_bytes):
    for name, text in {"a": "Allies pay.", "b": "Allies talk.", "c": "Allies pay."}.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    counted = count_folder(tmp_path, shard_bytes=shard_bytes)
    first, second = (str(tmp_path / f"{name}.txt") for name in "ac")
    problem = f"{second}: the same text as {first}. Both are counted; take one away."
    assert counted.failures.values.tolist() == [[second, problem]]
    assert counted.terms.set_index("term").loc["pay"].tolist() == [2, 2]
    with pytest.raises(CrossreadError, match="the same text as"):
        count_folder(tmp_path, shard_bytes=shard_bytes, on_error="stop")


def test_what_may_not_be_read_of_a_folder_is_named_and_the_rest_counted(tmp_path, capsys):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("Allies pay.", encoding="utf-8")
    (folder / "b.doc").write_bytes(b"words")
    (tmp_path / "c.txt").write_text("Others talk.", encoding="utf-8")
    (folder / "c.txt").symlink_to(tmp_path / "c.txt")
    counted = count_folder(folder)
    assert counted.documents.index.tolist() == ["a"]
    assert counted.failures["file"].tolist() == [str(folder / "c.txt")]
    with pytest.raises(CrossreadError, match="a link to a file outside the folder"):
        count_folder(folder, on_error="stop")
    main(["count", str(folder)])
    assert "b.doc: passed over: files ending in “.doc” are not read." in capsys.readouterr().err


def test_or_stop_the_run(spoiled):
    with pytest.raises(CrossreadError, match="t12.txt"):
        count_folder(spoiled, on_error="stop")


def test_a_stopped_run_leaves_no_parquet(spoiled, tmp_path):
    pytest.importorskip("pyarrow", reason="the extra “scale” (pyarrow) is not installed")
    with pytest.raises(CrossreadError, match="t12.txt"):
        count_folder(spoiled, on_error="stop", output=tmp_path / "out")
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_parquet_appears_when_it_is_complete(folder, corpus, tmp_path):
    pytest.importorskip("pyarrow", reason="the extra “scale” (pyarrow) is not installed")
    count_folder(folder, lexicon=LEXICON, output=tmp_path / "out", shard_bytes=9_000)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert len(list((tmp_path / "out" / "counts").iterdir())) > 3
    assert {p.suffix for p in (tmp_path / "out").rglob("*") if p.is_file()} == {".parquet"}
    assert pd.read_parquet(tmp_path / "out" / "documents")["n_tokens"].sum() == corpus.documents["n_tokens"].sum()
    with pytest.raises(CrossreadError, match="there already"):
        count_folder(folder, output=tmp_path / "out")


def test_what_cannot_be_asked(folder):
    with pytest.raises(CrossreadError, match="not “ignore”"):
        count_folder(folder, on_error="ignore")


def test_the_command_counts_and_tells(spoiled, capsys):
    assert main(["count", str(spoiled), "--top", "3"]) == 1
    printed = capsys.readouterr()
    assert "12 documents" in printed.out and printed.out.count("\n") == 5
    assert "t12.txt" in printed.err and "is a program" in printed.err
    assert main(["count", str(spoiled), "--stop"]) == 2


def test_processes_are_started_where_they_save_time(monkeypatch):
    monkeypatch.setattr(counting.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    asked = [(None, 8, True), (None, 8.1, True), (None, 2, False), (None, 2.1, False), (3, 1, True)]
    assert [counting._how_many(wanted, None, n, quick) for wanted, n, quick in asked] == [1, 2, 1, 2, 3]


# On a cluster of separate processes


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, each a process of its own; yields the client, the address and the workers."""
    distributed = pytest.importorskip("distributed", reason="the extra “scale” (distributed) is not installed")
    place = tmp_path_factory.mktemp("cluster")
    file = place / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = []

    def start(program, *options):
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(file), "--no-dashboard"]
        log = open(place / f"{len(running)}.log", "wb")
        running.append(subprocess.Popen([*command, *options], env=environment, cwd=place, stdout=log, stderr=log))
        log.close()

    try:
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        for _ in range(2):
            start("dask_worker", "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
        with distributed.Client(scheduler_file=str(file), timeout="60s") as client:
            client.wait_for_workers(2, timeout=60)
            yield client, client.scheduler.address, running[1:]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def test_a_cluster_counts_what_one_process_counts(folder, corpus, cluster, tmp_path):
    client = cluster[0]
    counted = count_folder(folder, lexicon=LEXICON, output=tmp_path / "out", client=client, shard_bytes=9_000)
    assert_counted_alike(counted, corpus, tmp_path / "out")


def test_bad_files_on_a_cluster(spoiled, corpus, cluster):
    counted = count_folder(spoiled, client=cluster[0], shard_bytes=9_000)
    assert [os.path.basename(name) for name in counted.failures["file"]] == list(BAD)
    assert_counted_alike(counted, corpus)
    with pytest.raises(CrossreadError, match="t12.txt"):
        count_folder(spoiled, client=cluster[0], shard_bytes=9_000, on_error="stop")


def test_the_command_on_a_cluster(folder, cluster, capsys):
    assert main(["count", str(folder), "--scheduler", cluster[1]]) == 0
    assert "12 documents" in capsys.readouterr().out


def test_nobody_answers(folder, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra “scale” (distributed) is not installed")

    def refuse(address, timeout):
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", refuse)
    assert main(["count", str(folder), "--scheduler", "tcp://127.0.0.1:9"]) == 2


def test_a_worker_killed_in_the_middle_costs_a_retry(folder, corpus, cluster, monkeypatch):
    client, _, workers = cluster
    from crossread_scale import counting as scale

    killed = []
    real = scale._Merged.add

    def add_and_kill(self, shard, counts):
        if not killed:  # the first shard is done, others are on their way
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        return real(self, shard, counts)

    monkeypatch.setattr(scale._Merged, "add", add_and_kill)
    counted = count_folder(folder, lexicon=LEXICON, client=client, shard_bytes=1)
    assert killed and workers[0].wait(timeout=30) != 0
    assert_counted_alike(counted, corpus)
    assert len(client.scheduler_info()["workers"]) == 1
