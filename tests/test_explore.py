"""The explorer without a browser: its state, its tables, its HTML, what it answers to events, what it exports."""

import ast
import difflib
import json
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from crossread import CrossreadError, TextNeeded, figures, from_texts, load
from crossread.explore import Edit, Session, State, Workbench, pages, read_state
from crossread.explore.export import FIGURES, view_cells
from crossread.explore.markup import element
from crossread.explore.reading import mark_sentence, reading_pane
from crossread.explore.working import edit_lexicon, working_diff, working_text
from crossread.lexicon import find_hits, make_lexicon, read_lexicon
from crossread.themes import theme_contrasts, theme_rates

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def practice():
    return load("practice")


@pytest.fixture(scope="module")
def bench(practice):
    return Workbench(practice)


@pytest.fixture(scope="module")
def counts_only(bench, tmp_path_factory):
    """The practice corpus as its published tables, without texts."""
    import shutil

    from crossread.corpus import corpus_folder
    from crossread.publishing import publish

    folder = tmp_path_factory.mktemp("corpus") / "practice"
    shutil.copytree(corpus_folder("practice"), folder)
    publish(folder)
    return Workbench(load(folder, texts=False))


@pytest.fixture
def session(bench, tmp_path):
    return Session(bench, folder=tmp_path)


def ask(session, do, value="", **fields):
    """All that the page gets for one event, as one message."""
    answer = {"regions": {}}
    for message in session.handle({"do": do, "value": value, **fields}):
        answer["regions"].update(message.pop("regions", {}))
        answer.update(message)
    return answer


# --- the state ----------------------------------------------------------------------------------------------------


def test_a_state_survives_its_json():
    state = State(
        "practice", ("han_2033",), ("rival_rise",), "cost* ~5 ally", "share", 0, "han_2033", "han_2033-001",
        ("han_2033", "rival_rise"), "left", True, (Edit("add", "burden_sharing", "bill", 'who "pays"'),),
    )  # fmt: skip
    assert read_state(state.to_json()) == state


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not a saved analysis"),
        ("[]", "no names"),
        ('{"script": 1}', "“script” is not known"),
        ('{"unit": "x"}', "“unit” is 'x'"),
        ('{"smoothing": true}', "“smoothing” is True"),
        ('{"documents": "a"}', "no list"),
        ('{"documents": [1]}', "wrong kind"),
        ('{"edits": [{"do": "add"}]}', "each of its edits"),
        ('{"edits": [{"do": "run", "key": "a", "entry": "b"}]}', "“add” or “remove”"),
        ('{"listed": ["a"]}', "wrong kind"),
        ("x" * 100_001, "100,001 characters"),
    ],
)
def test_what_is_no_state_is_refused(text, words):
    with pytest.raises(CrossreadError, match=words):
        read_state(text)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State("other"), "of the corpus “other”"),
        (State(documents=("x",)), "no document “x”"),
        (State(keys=("x",)), "no theme “x”"),
        (State(sentence="x"), "no sentence “x”"),
        (State(query="(a"), "bracket"),
    ],
)
def test_a_state_of_something_else_is_refused(bench, state, words):
    with pytest.raises(CrossreadError, match=words):
        bench.check(state)


# --- the tables ---------------------------------------------------------------------------------------------------


def test_rates_and_contrasts_are_those_of_the_themes(bench, practice):
    hits = find_hits(practice, bench.lexicon)
    rates = theme_rates(hits, practice.sentences)
    chosen = State(documents=("marsh_2031", "han_2033"), keys=("rival_rise",))
    expected = rates[rates["doc_id"].isin(chosen.documents) & (rates["key"] == "rival_rise")]
    shown = bench.how_much(chosen)
    pd.testing.assert_frame_equal(shown, expected.reset_index(drop=True), check_dtype=False)
    sentences = practice.sentences[practice.sentences["doc_id"].isin(chosen.documents)]
    asked = hits[hits["doc_id"].isin(chosen.documents) & (hits["key"] == "rival_rise")]
    asked = asked.assign(key=pd.Categorical(asked["key"].astype(str), ["rival_rise"]))
    pd.testing.assert_frame_equal(bench.contrasts(chosen), theme_contrasts(asked, sentences))


def test_a_query_is_counted_beside_the_themes(bench, practice):
    state = State(query="harbour*")
    rows = bench.how_much(state).query("key == 'query'").set_index("doc_id")
    counted = practice.counts[practice.counts["term"].str.startswith("harbour")].groupby("doc_id")["count"].sum()
    assert rows["count"].to_dict() == counted.reindex(practice.documents.index, fill_value=0).to_dict()
    assert (bench.where(state)["key"] == "query").sum() == counted.sum()
    assert (rows["low"] <= rows["per_1000"]).all() and (rows["per_1000"] <= rows["high"]).all()


def test_the_curve_counts_what_is_in_its_window():
    bench = Workbench(from_texts({"a": "word " * 100}), make_lexicon("demo", {"x": ["word"]}))
    curve = bench.curve([0, 1, 99], "a", smoothing=10, steps=11)
    assert curve.tolist() == [200.0] + [0.0] * 9 + [100.0]
    assert bench.curve([], "a", 10).max() == 0


def test_words_around_a_theme_by_hand():
    text = "Fair costs rise. Fair costs fall. Fair costs stay. The sea is wide. The sea is blue. Fair is fair."
    bench = Workbench(from_texts({"a": text}), make_lexicon("demo", {"cost": ["costs"]}))
    row = bench.with_words(State()).set_index("term").loc["fair"]
    # near the three hits stand six words, three of them “fair”; of all 20 words five are “fair”
    assert row["count"] == 3 and row["expected"] == pytest.approx(6 * 5 / 20)


def test_actors_of_a_theme_by_hand():
    text = "Rome pays costs. Rome bears costs. Rome has costs. Rome rests. Oslo rests. Oslo sleeps."
    lexicon, actors = (
        make_lexicon("demo", {"cost": ["costs"]}),
        make_lexicon("actors", {"rome": ["Rome"], "oslo": ["Oslo"]}),
    )
    table = Workbench(from_texts({"a": text}), lexicon, actors).with_actors(State())
    assert table[["actor", "sentences", "expected"]].values.tolist() == [["rome", 3, 4 * 3 / 6]]


def test_next_and_previous_hit_go_round(bench):
    state = State(keys=("rival_rise",))
    sentences = list(dict.fromkeys(bench.shown_hits(state)["sentence_id"]))
    visited = []
    for _ in range(len(sentences) + 1):
        state = state.change(sentence=bench.step(state, forward=True))
        visited.append(state.sentence)
    assert visited == [*sentences, sentences[0]]
    assert bench.step(state, forward=False) == sentences[-1]


def test_what_is_listed_is_what_a_bar_counts(bench):
    for row in bench.how_much(State(query="ally|allies")).itertuples():
        state = State(query="ally|allies", listed=(row.doc_id, row.key))
        assert len(bench.listing(state)) == row.count


def test_suggestions_complete_the_last_word(bench):
    found = dict(bench.suggest("fair (share|harb"))
    assert "fair (share|harbour" in found and "fair (share|harb*" in found
    assert bench.suggest("h") == bench.suggest("harb*") == []


# --- without texts ------------------------------------------------------------------------------------------------


def test_the_counts_are_the_same_without_texts(bench, counts_only):
    state = State()
    pd.testing.assert_frame_equal(bench.how_much(state), counts_only.how_much(state))
    pd.testing.assert_frame_equal(bench.where(state), counts_only.where(state))
    pd.testing.assert_frame_equal(bench.contrasts(state), counts_only.contrasts(state))
    pd.testing.assert_frame_equal(bench.with_actors(state), counts_only.with_actors(state))


def test_a_word_is_counted_without_texts_and_a_phrase_is_not(bench, counts_only):
    asked = State(query="harbour*")
    columns = ["doc_id", "count", "n_tokens", "per_1000"]
    with_texts, without = (each.how_much(asked).query("key == 'query'")[columns] for each in (bench, counts_only))
    pd.testing.assert_frame_equal(with_texts.reset_index(drop=True), without.reset_index(drop=True))
    with pytest.raises(TextNeeded, match="more than one word"):
        counts_only.check(State(query="fair share"))


def test_new_entries_join_the_working_copy_without_texts_exactly_or_not_at_all(bench, counts_only):
    terms = sorted(set(bench.corpus.counts["term"]))[::29]
    phrases = sorted(set(counts_only.corpus.published("ngrams")["term"]))[::11]
    patterns = [*terms, *(f"{term[:4]}*" for term in terms if len(term) > 5), *phrases, "|".join(terms[:3])]
    counted = refused = 0
    for number, pattern in enumerate(patterns):
        state = State(edits=(Edit("add", bench.lexicon.keys[number % 3], pattern),))
        try:
            wanted = bench.how_much(state)["count"].tolist()
        except CrossreadError:
            continue  # swallows another entry: refused with texts too
        try:
            counts_only.check(state)
        except TextNeeded as error:
            assert "which may count the same words" in str(error)
            refused += 1
            continue
        assert counts_only.how_much(state)["count"].tolist() == wanted, pattern
        counted += 1
    assert counted > 80 and refused < counted / 5


def test_what_the_published_counts_cannot_serve_is_said(counts_only):
    for pattern, words in [
        ("pay* ~5 harbour", "asks what stands near"),
        ("fair shar*", "more than one word with [*]"),
        ("the price of the harbour", "more than 3 words"),
        ("very very", "overlap itself"),
        ("harbour winter", "no published table counts"),
    ]:
        with pytest.raises(TextNeeded, match=words):
            counts_only.check(State(edits=(Edit("add", "rival_rise", pattern),)))
    assert counts_only.passages.count("nowherefound price").sum() == 0


def test_an_entry_counted_by_passage_shows_its_effect_and_what_is_lost(counts_only, bench, tmp_path):
    session = Session(counts_only, folder=tmp_path)
    ask(session, "hello")
    ask(session, "query", pattern="harbour*")
    answer = ask(session, "add", key="multilateralism", reason="where ships lie")
    assert not answer.get("error") and "The working copy changes" in answer["regions"]["working"]
    assert "counted by passage" in answer["regions"]["how-much"] and "published hits" in answer["regions"]["where"]
    effect = counts_only.effect(session.state)
    whole = bench.effect(session.state)
    columns = ["doc_id", "key", "count_before", "count", "per_1000"]
    pd.testing.assert_frame_equal(effect["rates"][columns], whole["rates"][columns], check_dtype=False)
    assert (effect["rates"]["low"] <= effect["rates"]["per_1000"]).all()
    assert effect["validation"]["f1"].isna().all() and whole["validation"]["f1"].notna().all()
    ask(session, "compare", "yes")
    assert len(counts_only.contrasts(session.state)) == len(bench.contrasts(session.state))
    assert "cannot be told" in ask(session, "unit", "share")["regions"]["contrasts-view"]
    ask(session, "undo", "0")
    pd.testing.assert_frame_equal(counts_only.how_much(session.state), bench.how_much(session.state))


def test_without_texts_the_pane_says_what_attaching_brings(counts_only, tmp_path):
    session = Session(counts_only, folder=tmp_path)
    regions = ask(session, "hello")["regions"]
    assert "crossread attach FOLDER" in regions["read"] and regions["read"].count("<p") == 1
    assert "<table" in regions["how-much"] and "<table" in regions["list"]
    answer = ask(session, "open", "han_2033-002")
    assert "crossread attach FOLDER" in answer["status"] and not answer.get("error")
    assert "not known without the texts" in ask(session, "query", pattern="harbour*")["regions"]["where"]


# --- the working copy ---------------------------------------------------------------------------------------------


def test_edits_change_the_lexicon_and_the_file_alike(bench):
    edits = [
        Edit("add", "burden_sharing", "bill ~3 winter, house* ! gas bill", 'who pays: the "bill"'),
        Edit("remove", "burden_sharing", "load"),
        Edit("add", "hope", "wish*|hope*"),
    ]
    wanted = edit_lexicon(bench.lexicon, edits)
    assert "load" not in {entry.text for entry in wanted} and "hope" in wanted.keys
    text = working_text(bench.lexicon, edits)
    assert text.startswith(bench.lexicon.path.read_text(encoding="utf-8").split("\n", 1)[0])  # the comments are kept
    lines = working_diff(bench.lexicon, edits).splitlines()
    changed = [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    assert len([line for line in changed if line.startswith("-")]) == 1
    assert len([line for line in changed if line.startswith("+") and line.strip("+ ")]) == 3


def test_the_file_of_the_working_copy_reads_as_the_working_copy(bench, tmp_path):
    edits = [Edit("add", "rival_rise", "warship*|frigate?"), Edit("remove", "multilateralism", "hub|rim|spokes")]
    path = tmp_path / "themes.yml"
    path.write_text(working_text(bench.lexicon, edits), encoding="utf-8")
    entries = {(entry.key, entry.text) for entry in read_lexicon(path)}
    assert entries == {(entry.key, entry.text) for entry in edit_lexicon(bench.lexicon, edits)}


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit("add", "a: b\nc", "cost"), "no name for a theme"),
        (Edit("add", "rival_rise", "(cost"), "bracket"),
        (Edit("add", "burden_sharing", "load"), "twice"),
        (Edit("remove", "burden_sharing", "x"), "no entry “x”"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(bench, edit, words):
    with pytest.raises(CrossreadError, match=words):
        edit_lexicon(bench.lexicon, [edit])


def test_the_effect_of_an_entry_shows(bench):
    effect = bench.effect(State(edits=(Edit("remove", "burden_sharing", "load"),)))
    before = find_hits(bench.corpus, bench.lexicon)
    gone = before[
        (before["entry"] == "load") & before["sentence_id"].isin(bench.corpus.sentences.query("kind == 'body'").index)
    ]
    rates = effect["rates"]
    assert (rates["count_before"] - rates["count"]).sum() == len(gone) > 0
    scores = effect["validation"].set_index("key").loc["burden_sharing"]
    assert scores["recall"] < scores["recall_before"]


# --- HTML ---------------------------------------------------------------------------------------------------------


def test_elements_escape_all_that_is_not_html():
    made = element("a", HOSTILE, [element("b", "&")], title=HOSTILE, hidden=True, id=None)
    parsed = BeautifulSoup(made, "html.parser")
    assert [tag.name for tag in parsed.find_all()] == ["a", "b"]
    assert parsed.a["title"] == HOSTILE and parsed.a.get_text() == HOSTILE + "&"


def test_marks_of_two_themes_that_overlap():
    made = mark_sentence(
        "Fair costs & shares.", 3, [(0, 2, "a", "x"), (1, 3, "b", "y")], {"a": 0, "b": 1}, {"a": "A", "b": "B"}
    )
    parsed = BeautifulSoup(made, "html.parser")
    assert [mark["class"] for mark in parsed.find_all("mark")] == [["k0"], ["k0", "k1"], ["k1"]]
    for tag in parsed.find_all("sup"):
        tag.extract()
    assert parsed.get_text() == "Fair costs & shares."


def test_the_pane_shows_every_word_of_the_document(bench):
    for doc_id, rows in bench.corpus.sentences.groupby("doc_id", sort=False):
        parsed = BeautifulSoup(reading_pane(bench, State(document=doc_id, query="the")), "html.parser")
        for tag in parsed.find_all("sup"):
            tag.extract()
        for sentence_id, text in rows["text"].items():
            assert parsed.find(id=f"s-{sentence_id}").get_text() == text


def test_the_marks_in_the_pane_are_the_hits(bench):
    state = State(document="marsh_2031")
    parsed = BeautifulSoup(reading_pane(bench, state), "html.parser")
    hits = bench.shown_hits(state, body=False)
    assert len(parsed.select(".text abbr")) == (hits["doc_id"] == "marsh_2031").sum()


def test_a_hostile_corpus_stays_text(tmp_path):
    texts = {"a": f"Costs {HOSTILE} rise. Costs fall. Costs stay. " * 3, "b": "Costs rest."}
    corpus = from_texts(texts)
    corpus.documents["label"] = corpus.documents["title"] = [HOSTILE, "b"]
    bench = Workbench(corpus, make_lexicon("demo", {"cost": ["costs"]}), make_lexicon("actors", {"rome": ["alert"]}))
    session = Session(bench, folder=tmp_path)
    for html in [
        *ask(session, "hello")["regions"].values(),
        *ask(session, "query", pattern="script")["regions"].values(),
    ]:
        parsed = BeautifulSoup(html, "html.parser")
        assert not parsed.find_all(["script", "img", "iframe", "object", "base", "style"])
        assert not [tag for tag in parsed.find_all() for name in tag.attrs if name.startswith("on")]
        assert not [tag for tag in parsed.find_all(["a"]) if str(tag.get("href", "")).startswith("javascript")]
    assert HOSTILE in BeautifulSoup(str(reading_pane(bench, State())), "html.parser").get_text()


def test_tables_announce_their_headers_and_controls_have_names(session):
    answer = ask(session, "hello")
    ask(session, "compare", "yes")
    parsed = BeautifulSoup("".join(answer["regions"].values()), "html.parser")
    assert len(parsed.find_all("table")) >= 5
    for table in parsed.find_all("table"):
        assert table.caption.get_text() and all(cell.get("scope") for cell in table.find_all("th"))
    labelled = {label["for"] for label in parsed.find_all("label")}
    for control in parsed.find_all(["input", "select", "textarea"]):
        assert control["id"] in labelled
    for button in parsed.find_all("button"):
        assert button.get("aria-label") or button.get_text(strip=True)
    ids = [tag["id"] for tag in parsed.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_each_chart_has_its_finding(session):
    regions = ask(session, "hello")["regions"]
    for name in ("where", "how-much", "with-what"):
        findings = [p.get_text() for p in BeautifulSoup(regions[name], "html.parser").select(".finding")]
        assert findings and all(len(words) > 20 for words in findings)


# --- events -------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_sent(session):
    ask(session, "hello")
    assert set(ask(session, "smoothing", "100")["regions"]) == {"selection", "where", "files"}
    assert ask(session, "smoothing", "100")["regions"] == {}


def test_the_quick_views_come_first(session):
    ask(session, "hello")
    first, second = session.handle({"do": "keys", "value": ["rival_rise"], "asked": 7})
    assert {"where", "how-much", "list"} <= set(first["regions"]) and "done" not in first
    assert "with-what" in second["regions"] and second["done"] == 7


def test_a_mark_opens_its_sentence(session):
    regions = ask(session, "hello")["regions"]
    mark = BeautifulSoup(regions["where"], "html.parser").select(".mark")[-1]
    answer = ask(session, mark["data-do"], mark["data-value"])
    assert session.state.sentence == mark["data-value"] and answer["show"] == "focus"
    opened = BeautifulSoup(answer["regions"]["read"], "html.parser").select("[aria-current]")
    assert [tag["id"] for tag in opened] == [f"s-{mark['data-value']}"] and opened[0].find("mark")
    row = session.bench.corpus.sentences.loc[mark["data-value"]]
    assert f"characters {row['start']:,} to {row['end']:,}" in answer["regions"]["read"]


def test_a_bar_lists_its_sentences(session):
    ask(session, "hello")
    answer = ask(session, "list", "marsh_2031|burden_sharing")
    lines = BeautifulSoup(answer["regions"]["list"], "html.parser").select("tbody tr")
    count = session.bench.how_much(State()).set_index(["doc_id", "key"])["count"]["marsh_2031", "burden_sharing"]
    assert len(lines) == count and answer["focus"] == "cr-lines"


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("documents", {"value": []}),
        ("keys", {"value": []}),
        ("unit", {"value": "<b>"}),
        ("smoothing", {"value": "1; drop"}),
        ("sort", {"value": "x"}),
        ("document", {"value": "x"}),
        ("open", {"value": "../x"}),
        ("query", {"pattern": "(a"}),
        ("save", {"name": "../../x"}),
        ("save", {"name": "a/b"}),
        ("reopen", {"name": "../themes"}),
        ("reopen", {"name": "never-saved"}),
        ("reopen-json", {"json": "{"}),
        ("export", {"view": "x"}),
        ("remove", {"entry": "x|y"}),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(session, tmp_path, do, fields):
    before = session.state
    answer = ask(session, do, **fields) if "value" not in fields else ask(session, do, fields["value"])
    assert answer["error"] and answer["status"] and session.state == before
    assert not list(tmp_path.rglob("*"))


def test_unknown_events_are_ignored(session):
    assert list(session.handle({"do": "__init__"})) == [] and list(session.handle({})) == []


def test_an_analysis_is_saved_and_opened_again(session, bench, tmp_path):
    ask(session, "query", pattern="harbour*")
    ask(session, "add", key="multilateralism", reason="where ships lie")
    ask(session, "documents", ["marsh_2031", "han_2033"])
    saved = session.state
    ask(session, "save", name="ports")
    assert json.loads((tmp_path / "ports.analysis.json").read_text())["documents"] == ["marsh_2031", "han_2033"]
    other = Session(bench, folder=tmp_path)
    assert "ports" in ask(other, "hello")["regions"]["files"]
    ask(other, "reopen", name="ports")
    assert other.state == saved
    third = Session(bench, folder=tmp_path)
    ask(third, "hello", saved.to_json())
    assert third.state == saved


def test_a_saved_file_opens_in_a_notebook(session, practice, tmp_path):
    from crossread.explore import explorer

    ask(session, "query", pattern="harbour*")
    ask(session, "save", name="ports")
    for place in (tmp_path / "ports.analysis.json", str(tmp_path / "ports.analysis.json"), session.state.to_json()):
        assert explorer(practice, place, tmp_path).session.state == session.state
    with pytest.raises(CrossreadError, match="no saved analysis"):
        explorer(practice, tmp_path / "never.analysis.json", tmp_path)


def test_the_working_copy_is_saved_with_its_changes(session, tmp_path):
    ask(session, "query", pattern="harbour*")
    answer = ask(session, "add", key="multilateralism", reason="where ships lie")
    assert "The working copy changes" in answer["regions"]["working"]
    ask(session, "save-lexicon")
    original = session.bench.lexicon.path.read_text(encoding="utf-8")
    saved = (tmp_path / "themes.yml").read_text(encoding="utf-8")
    added = [line for line in difflib.ndiff(original.splitlines(), saved.splitlines()) if line[0] in "+-"]
    assert added == ['+   - {pattern: "harbour*", reason: "where ships lie"}']
    assert added[0][2:] in (tmp_path / "themes.diff").read_text(encoding="utf-8")
    ask(session, "undo", "0")
    assert session.state.edits == ()


def test_the_list_is_saved_as_a_table(session):
    download = ask(session, "save-list")["download"]
    table = pd.read_csv(StringIO(download["text"]))
    assert len(table) == len(session.bench.shown_hits(session.state)) and {"left", "match", "right"} <= set(table)


# --- export -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", list(FIGURES))
def test_a_view_is_exported_with_cells_that_run(session, tmp_path, view):
    import nbformat

    ask(session, "query", pattern="harbour*")
    answer = ask(session, "export", view=view)
    assert not answer.get("error"), answer["status"]
    name = FIGURES[view]
    table = (tmp_path / "data" / f"{name}.csv").read_bytes()
    row = figures.manifest(tmp_path).set_index("figure").loc[name]
    assert row["caption"] and row["alt"] and row["corpus"] == "practice"
    notebook = nbformat.read(tmp_path / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    for path in (tmp_path / "data" / f"{name}.csv", tmp_path / f"{name}.svg"):
        path.unlink()
    exec("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"), {})
    assert (figures.folder() / "data" / f"{name}.csv").read_bytes() == table


def test_names_in_exported_code_stay_text():
    corpus = from_texts({"a": "Costs rise. Costs fall."}, name="'); print(1) #")
    bench = Workbench(corpus, make_lexicon("demo", {"cost": ["costs"]}))
    bench.labels["a"] = '"""' + "'''); print(1) #\n"
    for code in view_cells(bench, State("practice", query="rise"), "how-much"):
        calls = [node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
        assert "print" not in [getattr(function, "id", "") for function in calls]


def test_many_documents_are_found_by_name_and_the_page_stays_small(tmp_path):
    texts = {f"d{i:03d}": f"Costs rise in year {i}. Nobody pays." for i in range(60)}
    bench = Workbench(
        from_texts(texts), make_lexicon("demo", {"cost": ["costs"]}), make_lexicon("actors", {"nobody": ["nobody"]})
    )
    session = Session(bench, folder=tmp_path)
    regions = ask(session, "hello")["regions"]
    assert sum(map(len, regions.values())) < 200_000
    assert "1 to 12 of 60" in regions["where"] and "1 to 20 of 60" in regions["how-much"]
    assert "61 to" not in regions["list"] and "1 to 12" in regions["selection"]
    ask(session, "find", text="D01")
    ticked = ask(session, "pick", ["d010", "d015"])
    assert session.state.documents == ("d010", "d015") and "2 of 60 selected" in ticked["regions"]["selection"]
    ask(session, "find-all")
    assert session.state.documents == tuple(f"d{i:03d}" for i in range(10, 20))
    assert ask(session, "find", text="nowhere")["error"]
    assert np.isfinite(bench.how_much(session.state)["high"]).all()


def test_long_lists_are_turned_over(tmp_path):
    texts = {f"d{i:03d}": "Costs rise. " * (i + 1) for i in range(60)}
    bench = Workbench(
        from_texts(texts), make_lexicon("demo", {"cost": ["costs"]}), make_lexicon("actors", {"x": ["x"]})
    )
    session = Session(bench, folder=tmp_path)
    seen = []
    for page in range(5):
        regions = ask(session, "hello")["regions"] if not page else ask(session, "turn", f"where|{page}")["regions"]
        parsed = BeautifulSoup(regions["where"], "html.parser")
        seen += [section["aria-label"] for section in parsed.select("section.document")]
    assert seen == sorted(texts, reverse=True)  # those with most hits first, each once
    rows = BeautifulSoup(ask(session, "turn", "how-much|2")["regions"]["how-much"], "html.parser").select("tbody tr")
    assert len(rows) == 20
    state = session.state.change(sort="right")
    lines = [bench.listing(state, first, 100) for first in range(0, 1830, 100)]
    whole = bench.listing(state)
    pd.testing.assert_frame_equal(pd.concat(lines, ignore_index=True), whole)
    assert whole["right"].str.lower().tolist() == sorted(whole["right"].str.lower())
    ask(session, "turn", "list|3")
    assert session.state.pages[3] == 3
    ask(session, "unit", "share")
    assert session.state.pages == (0, 0, 0, 0)
    assert ask(session, "turn", "list|x")["error"] and ask(session, "turn", "x|1")["error"]
    ask(session, "turn", "list|99999")  # past the end is the last page
    assert len(bench.listing(State(), 1800, 100)) == 30


def test_pages_are_made_for_every_state_quickly(bench):
    import time

    states = [State(keys=(key,), unit=unit) for key in bench.lexicon.keys for unit in pages.UNITS]
    for state in states:
        [make(bench, state) for make in pages.QUICK.values()]
    start = time.perf_counter()
    for state in states:
        [make(bench, state) for make in pages.QUICK.values()]
    assert (time.perf_counter() - start) / len(states) < 0.2
