"""What a page holds: groups as the library has them, and no sentence of texts that are not its own."""

import pytest

import crossread as cr
from crossread.errors import CrossreadError
from crossread_explorer.build import page_html
from crossread_explorer.data import _columns_to_group, page_data


@pytest.fixture(scope="module")
def grouped():
    study = cr.study("parties")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_words", "_topics", "_company", "_readings", "_claims", "_ways"):
            patch.setattr(f"crossread_explorer.data.{name}", lambda *_: [])
        for name in ("MOST_MAPPED", "MOST_CONTRASTED"):
            patch.setattr(f"crossread_explorer.data.{name}", 0)
        return study, page_data(study)


def test_texts_can_be_put_together_by_what_their_table_says(grouped):
    study, data = grouped
    by = {groups["by"]: groups for groups in data["groups"]}
    assert "party" in by and "title" not in by and "year" not in by
    parties = study.documents["party"]
    for doc_id, place in zip(data["documents"]["doc_id"], by["party"]["of"], strict=True):
        assert by["party"]["names"][place] == parties[doc_id]


def test_groups_say_what_the_library_says(grouped):
    study, data = grouped
    party = next(groups for groups in data["groups"] if groups["by"] == "party")
    verdicts = study.contrasts("share", by="party").frame["verdict"].tolist()
    assert party["contrasts"]["verdict"] == verdicts and "supported" in verdicts


def without_its_commonest(study):
    """Return edits that drop the three entries with most hits, and the lexicon without them."""
    dropped = study.entries().frame.nlargest(3, "hits")
    edits = [{"what": "drop", "key": row.key, "text": row.entry} for row in dropped.itertuples()]
    lexicon = study.lexicon
    for edit in edits:
        lexicon = lexicon.leave_out(edit["text"], edit["key"])
    return edits, lexicon


def test_groups_are_counted_with_their_limits_as_in_the_library_whatever_is_edited(grouped, node):
    study, data = grouped
    edits, lexicon = without_its_commonest(study)
    asked = [("party", []), ("party", edits), *((groups["by"], edits) for groups in data["groups"])]
    for (by, edit), found in zip(asked, node(data, groups=asked)["groups"], strict=True):
        own = cr.study(study.corpus, lexicon=lexicon) if edit else study
        rates = own.rates(by=by).frame.set_index(["key", "group"])
        names = next(groups["names"] for groups in data["groups"] if groups["by"] == by)
        for key, totals in found:
            for name, total in zip(names, totals, strict=True):
                row = rates.loc[(key, name), ["sentences_with_hit", "n_sentences", "share_low", "share_high"]]
                assert total == pytest.approx(row.tolist(), rel=1e-6, abs=1e-9), (by, key, name)


def test_groups_of_an_edited_list_are_judged_as_by_the_library(grouped, node):
    study, data = grouped
    edits, lexicon = without_its_commonest(study)
    checked = 0
    for own, judged in zip(
        (study, cr.study(study.corpus, lexicon=lexicon)), node(data, judged=[[], edits])["judged"], strict=True
    ):
        for by, rows in judged["groups"].items():
            table = own.contrasts("share", by=by).frame.set_index(["key", "group_a", "group_b"])
            assert len(table) == len(rows)
            for row in rows:
                expected = table.loc[(row["key"], row["group_a"], row["group_b"])]
                assert row["difference"] == pytest.approx(expected["difference"], abs=1e-9)
                assert row["p"] == pytest.approx(expected["p"], abs=0.005), (by, row)
                assert row["edge"] or row["verdict"] == expected["verdict"], (by, row, expected)
                ratio = float("inf") if row["minimum_ratio"] is None else row["minimum_ratio"]
                assert ratio == pytest.approx(expected["minimum_ratio"], rel=1e-4), (by, row)
                checked += row["verdict"] == "supported"
    assert checked


def test_one_text_is_no_group():
    documents = cr.study("alliances", texts=False).documents
    assert documents["genre"].nunique() == 5 and _columns_to_group(documents) == []


def test_a_hostile_title_is_text_in_the_page():
    html = page_html(
        cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]}), title="</title><script>alert(1)</script>"
    )
    assert "<script>alert" not in html and "&lt;/title&gt;&lt;script&gt;alert(1)" in html


def test_an_analysis_of_another_corpus_is_refused(tmp_path):
    study = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]})
    (tmp_path / "saved.json").write_text('{"crossread": "analysis", "corpus": "other"}')
    for name in ("saved.json", "missing.json"):
        with pytest.raises(CrossreadError, match="no analysis of “texts”"):
            study.page(tmp_path / "page.html", analysis=tmp_path / name)


def test_the_script_of_the_charts_is_made_once_and_a_damaged_one_never_used(tmp_path, monkeypatch):
    import vl_convert

    from crossread_explorer.build import vega

    made = []
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: made.append(1) or "draw();</script>")
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    scripts = [vega.__wrapped__() for _ in range(3)]
    assert set(scripts) == {"draw();<\\/script>"} and len(made) == 1
    (kept,) = (tmp_path / "share" / "crossread").iterdir()
    kept.write_text("steal();", encoding="utf-8")
    assert vega.__wrapped__() == scripts[0] and len(made) == 2 and kept.read_text(encoding="utf-8") == scripts[0]
    monkeypatch.setattr("sys.prefix", str(kept))  # where nothing can be written
    assert vega.__wrapped__() == scripts[0] and len(made) == 3
