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
    assert by["party"]["names"] == sorted(study.documents["party"].unique())


def test_groups_say_what_the_library_says(grouped):
    study, data = grouped
    party = next(groups for groups in data["groups"] if groups["by"] == "party")
    verdicts = study.contrasts("share", by="party")
    assert party["finding"] == verdicts.finding and "supported" in party["finding"]
    assert party["supported"] == sorted(set(verdicts.loc[verdicts["verdict"] == "supported", "key"]))
    rates = study.rates(by="party").set_index(["group", "key"])["sentences_with_hit"]
    rows = zip(*(party["rates"][name] for name in ("group", "key", "sentences_with_hit")), strict=True)
    assert {(group, key): n for group, key, n in rows} == rates.to_dict()


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
