"""What a page is made of: its title as text, and the script of its charts."""

import argparse
import re
from collections import Counter
from pathlib import Path

import pytest

import crossread as cr
from crossread.wording import ratio_text
from crossread_explorer import build, write_page


def test_a_page_without_the_texts_is_the_same_whether_they_are_attached_or_not(alliances_with_texts, light_data):
    lexicon = cr.study("alliances", texts=False).lexicon
    attached, published = alliances_with_texts, cr.study("alliances", texts=False).corpus
    made, known = (light_data(cr.study(one, lexicon=lexicon), texts=False) for one in (attached, published))
    assert any(" " in term for term in known["counts"])
    for part in ("mode", "headings", "matches", "rates"):
        assert made[part] == known[part], part
    assert {term: sorted(cells) for term, cells in made["counts"].items()} == {
        term: sorted(cells) for term, cells in known["counts"].items()
    }


@pytest.mark.parametrize("name, private", [("practice", False), ("owned", True)])
def test_who_may_have_a_page_is_said_of_texts_that_are_not_free(capsys, monkeypatch, name, private):
    from crossread_explorer.commands import explore

    if private:
        study = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]})
        monkeypatch.setattr(cr, "study", lambda *_, **__: study)
    monkeypatch.setattr(build, "write_page", lambda study, path, **_: path)
    parser = argparse.ArgumentParser()
    explore(parser)
    options = parser.parse_args([name, "--no-browser", "--to", "page.html"])
    assert options.run(options) == 0
    assert ("send it only to those who may have them" in capsys.readouterr().out) == private


def test_a_label_with_a_comma_is_one_thing_in_a_sentence(light_data):
    inside = light_data(cr.study("alliances", texts=False))["lexicon"]["inside"]
    assert inside["multilateralism.ties"] == "“Ties among allies, partners”"
    assert inside["burden_sharing.money"] == "money and cost"


def test_a_hostile_title_is_text_in_the_page(tmp_path):
    study = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]})
    path = write_page(study, tmp_path / "page.html", title="</title><script>alert(1)</script>")
    html = path.read_text(encoding="utf-8")
    assert "<script>alert" not in html and "&lt;/title&gt;&lt;script&gt;alert(1)" in html


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


def test_no_two_modules_of_the_page_have_a_name_in_common():
    """They are put one after another, and a name that stands twice leaves the page blank."""
    declared = re.compile(r"^(?:export )?(?:async )?(?:const|let|function\*?|class) (\{[^}]*\}|\[[^\]]*\]|\w+)", re.M)
    names = Counter(
        name
        for module in build.MODULES
        for declaration in declared.findall((build.FOLDER / f"{module}.js").read_text(encoding="utf-8"))
        for name in re.findall(r"\w+", declaration)
    )
    assert len(names) > 100 and not [name for name, times in names.items() if times > 1]


def test_the_page_says_of_a_ratio_that_cannot_be_named_what_tables_and_charts_say():
    """Many a large difference is seen where no ratio can be named: that none would be seen was not true."""
    said = ratio_text(float("inf"))
    assert f'"{said}"' in (Path(build.__file__).parent / "page" / "claims.js").read_text(encoding="utf-8")
    table = cr.study("alliances", texts=False).contrasts()
    assert said in table.finding and "none named" in str(table)
