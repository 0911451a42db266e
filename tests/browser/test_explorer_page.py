"""The explorer as its users meet it: a file on a disk with the network cut, typed into, pressed and shared."""

import base64
import csv
import gzip
import io
import json
import random
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import violations

import crossread as cr
from crossread.corpus import corpus_folder
from crossread.corpus.tokens import words
from crossread.lexicon import make_lexicon, read_lexicon
from crossread.lexicon.patterns import sequences
from crossread_explorer import write_page

VIEWS = ("argument", "read", "search", "words", "topics", "sure", "seminar")
HOSTILE_TEXTS = {
    "a": "Allies pay. <img src=x onerror='window.ran=1'> costs. ",
    "b": "Costs rise. Allies talk. <script>window.ran=1</script> costs. ",
    "c": "They talk and pay. <svg onload='window.ran=1'> costs ${window.ran=1} `costs`. ",
    "d": "Talk costs nothing. <a href='javascript:window.ran=1'>costs</a> are paid. ",
}
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"'&"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def write(folder):
    """Write the page of a study, comparing no more words, and fitting no more topics, than asked."""

    def write_(name, study, paired=0, topics=True, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("crossread_explorer.data.MOST_PAIRED", paired)
            patch.setattr("crossread_explorer.data.MOST_AGAINST_REST", 8 if paired else 0)
            if not topics:
                patch.setattr("crossread_explorer.data._topics", lambda *_: [])
            return write_page(study, folder / f"{name}.html", **options).as_uri()

    return write_


@pytest.fixture(scope="module")
def practice(write):
    return write("practice", cr.study("practice"), paired=1)


@pytest.fixture(scope="module")
def counts(write):
    return write("counts", cr.study("alliances", texts=False), topics=False)  # those of practice are looked at


@pytest.fixture(scope="module")
def texts_study(alliances_with_texts):
    return cr.study(alliances_with_texts, lexicon=corpus_folder("alliances").parent / "themes.yml")


@pytest.fixture(scope="module")
def texts(write, texts_study):
    return write("texts", texts_study, topics=False)


@pytest.fixture(scope="module")
def many(write):
    from benchmarks.explorer import many_documents

    return write("many", many_documents(), topics=False)


@pytest.fixture
def visit(open_page):
    """Open a page and wait until it can be used; at the end nothing went wrong and nobody was asked for anything."""
    opened = []

    def visit_(address, width=1440, height=900):
        page = open_page(address, width, height)
        opened.append(page)
        page.context.set_offline(True)
        page.wait_for_selector(".crossread[data-ready]", timeout=30_000)
        return page

    yield visit_
    for page in opened:
        assert page.errors == [] and page.strangers == []
        page.context.close()


def press(page, action):
    page.locator(f'[data-do="{action}"]').first.click()


def find(page, text):
    page.fill("#q", text)
    page.press("#q", "Enter")


def shown(page):
    return " ".join(page.locator(".crossread").inner_text().split())


def unpacked(address):
    html = Path(address.removeprefix("file://")).read_text(encoding="utf-8")
    packed = re.search(r'id="data">([^<]+)<', html)[1]
    return html, gzip.decompress(base64.b64decode(packed)).decode("utf-8")


# --- a file that opens anywhere -----------------------------------------------------------------------------------


def test_the_page_is_one_small_file_that_says_what_the_texts_do(visit, counts):
    assert Path(counts.removeprefix("file://")).stat().st_size < 2_000_000
    page = visit(counts)
    assert page.locator("h1 a").count() == 3 and "255 sentences" in shown(page)
    assert page.locator(".strip").count() > 5 and page.locator(".private").count() == 0


def test_the_headline_tells_no_claim_that_is_not_so(visit, write, monkeypatch):
    asked = {"theme": "rival_rise", "measure": "share", "direction": "absent"}
    asked |= {"documents": ["pellworth_2028"]}  # Four Ports is silent, not Pellworth
    claim = {"claim": "c", "text": "Pellworth never names Osmarra", "verdict": "contradicted", "recounted": True}
    claim |= {f"asked_{name}": value for name, value in asked.items()}
    monkeypatch.setattr("crossread_explorer.data._claims", lambda *_: [claim])
    headline = visit(write("claimed", cr.study("practice"), topics=False)).locator("h1").inner_text()
    assert "finds nothing on Osmarra’s rise in Four Ports" in headline and "Pellworth" not in headline


def test_one_text_is_one(visit, write):
    page = visit(
        write(
            "one", cr.study({"a": "Allies pay. They talk."}, lexicon={"pay": ["pay"], "talk": ["talk"]}), topics=False
        )
    )
    assert page.locator("h1").inner_text().strip() == "One text, two themes."
    for view in VIEWS:
        page.evaluate(f"location.hash = '#view={view}&find=pay&ask=pay'")
        page.wait_for_timeout(20)
        assert not re.search(r"\b[Oo]ne (texts|themes|senses|sentences|pairs|passages)\b", shown(page)), view


def test_nobody_is_asked_what_a_text_says_of_what_it_never_speaks_of(visit, write):
    study = cr.study({"a": "Allies pay. They go.", "b": "They talk."}, lexicon={"x.one": ["zebra"], "x.two": ["lion"]})
    asked = visit(write("silent", study, topics=False)).locator(".pane .asks").inner_text()
    assert "silent on" in asked and "In which sentences" not in asked and "Who speaks" not in asked


def test_a_browser_that_is_too_old_is_told(open_page, practice):
    page = open_page("about:blank")
    page.add_init_script("""RegExp = new Proxy(RegExp, { construct(target, [pattern, flags]) {
      if (flags?.includes("v")) throw new SyntaxError("no such flag");
      return new target(pattern, flags);
    } });""")
    page.goto(practice)
    page.wait_for_selector("text=This page needs a newer browser: Firefox 116")
    page.context.close()


def test_only_the_scripts_of_the_page_may_run(visit, practice):
    page = visit(practice)
    ran = page.evaluate("() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
                        "document.head.append(s); return window.ran; }")  # fmt: skip
    assert ran is None
    page.errors.clear()  # the browser reports what it refused


def test_a_page_with_texts_says_that_it_is_private_and_one_of_counts_holds_no_sentence(
    visit, texts, counts, alliances_with_texts
):
    assert "Private" in visit(texts).locator(".private").inner_text()
    owned = {run for text in alliances_with_texts.sentences["text"] for run in runs(words(text))}
    owned -= {run for title in alliances_with_texts.documents["title"] for run in runs(words(title))}
    for part in unpacked(counts):
        assert not owned & set(runs(words(part)))


def runs(tokens, length=9):
    return zip(*(tokens[i:] for i in range(length)), strict=False)


def test_a_large_corpus_gets_counts_and_the_sentences_of_hits(visit, write, monkeypatch):
    monkeypatch.setattr("crossread_explorer.data.MOST_TOKENS", 1000)
    study = cr.study("practice")
    page = visit(write("large", study, topics=False))
    assert "This corpus is large" in page.locator(".pane").inner_text()
    press(page, "ask burden_sharing")
    counted = study.rates().frame.groupby("key")["sentences_with_hit"].sum()["burden_sharing"]
    assert page.locator(".item .text").count() == min(60, counted)
    for word in ("harbour", "fleet"):
        n = study.corpus.counts.set_index("term")["count"][word].sum()
        find(page, word)
        assert (f"{n} uses" if n >= 5 else "rarer ones are not in this page") in shown(page)
    press(page, "view read")
    assert "publishers" not in shown(page) and "only the sentences with a hit" in shown(page)
    spoken_of = set(study.matches["sentence_id"])
    texts = json.loads(unpacked(page.url.split("#")[0])[1])["texts"]
    assert sum(text is not None for text in texts) == len(spoken_of) < len(texts)


def test_three_hundred_documents_are_drawn_searched_and_edited(visit, many):
    page = visit(many)
    assert page.locator(".strip").count() == 300 and page.locator(".strip:empty").count() == 0
    assert "speaks of Osmarra’s rise" in page.locator(".pane .asks").inner_text()  # as the lexicon writes the name
    theme = page.locator(".key").first.get_attribute("data-do").split()[1]
    press(page, f"ask {theme}")
    assert page.locator(".item").count() == 60 and "listed around the one that is read" in shown(page)
    find(page, "fleet*")
    assert page.locator(".kwic tbody tr").count() == 100 and page.locator(".lines tbody tr").count() == 60
    contexts = list(csv.reader(io.StringIO(saved(page, "save contexts")[0].decode("utf-8"))))
    assert f"{len(contexts) - 1:,} contexts" in shown(page)
    press(page, "view argument")
    before = page.locator(".turned .n").all_inner_texts()
    press(page, f"ask {theme}")
    press(page, f"edit {theme}")
    page.locator('[data-do^="drop "]').first.click()
    assert page.locator(".turned tbody tr").count() == 300
    assert page.locator(".turned .n").all_inner_texts() != before and "of" in page.locator(".changes").inner_text()


# --- pressing -----------------------------------------------------------------------------------------------------


def test_a_cell_lights_up_its_evidence_and_opens_the_reader(visit, texts):
    page = visit(texts)
    cell = page.locator('.cell[data-do="ask china_rise/lee_2023"]')
    number = int(cell.locator(".n").inner_text())
    cell.click()
    assert cell.get_attribute("aria-pressed") == "true"
    assert page.locator(".item").count() == number and f"{number} of 29 sentences" in page.locator(".pane").inner_text()
    assert page.locator(".item mark:not(.light)").count() >= number
    assert page.locator(".strip .asked").count() == number and page.locator(".strip .asked.now").count() == 1
    page.locator(".item").last.click()
    assert page.locator('.item[aria-current="true"]').count() == 1
    for size, seen in ({"width": 1440, "height": 900}, 900), ({"width": 390, "height": 844}, 844 * 0.44):
        page.set_viewport_size(size)  # on a phone the evidence lies over the lower part of the window
        press(page, "view argument")
        page.locator('.stepper [data-do^="reader "]').click()
        assert page.locator("article.text .sentence.here").count() == 1
        here = page.locator(".sentence.here").bounding_box()
        assert 0 <= here["y"] <= seen


def test_a_claim_and_a_stretch_lead_to_their_sentences(visit, texts):
    page = visit(texts)
    if page.locator(".claim").count():
        page.locator(".claim button").first.click()
        assert page.locator("#pane-title").inner_text() in page.locator(".claims").inner_text()
    section = page.locator(".section button").first
    section.click()
    assert page.locator("#pane-title").inner_text() == section.inner_text()
    assert page.locator(".item").count() > 1
    strip = page.locator(".strip").nth(1)
    strip.scroll_into_view_if_needed()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # has come to rest
    box = strip.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 20, steps=4)
    page.mouse.up()
    assert page.locator("#pane-title").inner_text().startswith("Sentences 1 to")
    assert page.locator(".item").count() > 1


def test_two_texts_side_by_side_have_their_own_sections(visit, texts):
    page = visit(f"{texts}#view=read&read=harold_2019&beside=wesley_2017")
    assert page.locator(".reading nav > div").count() == 2
    sections = page.locator(".reading nav > div").nth(1).locator("button")
    assert sections.count() == page.locator('article[aria-label="Wesley 2017"] section h3').count() - 1  # but for notes
    sections.last.click()
    here = page.locator('article[aria-label="Wesley 2017"] .sentence.here')
    assert here.count() == 1 and "read=harold_2019&beside=wesley_2017" in page.url
    page.wait_for_function("() => document.querySelector('.sentence.here').getBoundingClientRect().y < innerHeight")


def test_names_are_told_to_a_screen_reader_as_they_are(visit, counts):
    page = visit(counts)
    page.locator(".strip").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".status").inner_text().startswith("Tow & Envall 2011, sentence 2 of 9")


def test_every_number_keeps_its_three_statements_apart(visit, counts):
    page = visit(counts)
    press(page, "ask burden_sharing/wesley_2017")
    names = page.locator(".pane .facts dt").all_inner_texts()
    assert names == ["Counted", "Measured", "General"]
    text = shown(page)
    assert not re.search(r"\b(most|least) often\b", text) and "not informative" not in text


def test_a_theme_says_who_speaks_of_it_and_beside_which_senses(visit, counts):
    page, study = visit(f"{counts}#ask=china_named"), cr.study("alliances", texts=False)
    said = dict(zip(*(page.locator(f".pane .facts {tag}").all_inner_texts() for tag in ("dt", "dd")), strict=True))
    for row in study.rates().frame.query("key == 'china_named' and sentences_with_hit > 0").itertuples():
        assert f"{row.sentences_with_hit} of {row.n_sentences} (" in said["Counted"]
    body = study.sentences.index[study.sentences["kind"] == "body"]
    named = set(study.hits.loc[study.hits["key"] == "china_named", "sentence_id"]) & set(body)
    power = set(study.sense_hits.loc[study.sense_hits["key"] == "china_rise.power", "sentence_id"])
    assert f"its growth and power {len(named & power)}," in said["Beside it"]


# --- searching ----------------------------------------------------------------------------------------------------


def test_enter_gives_the_contexts_of_the_query_and_opens_the_first(visit, practice):
    page = visit(practice)
    study = cr.study("practice")
    find(page, "allies")
    found = cr.lexicon.concordance(study.corpus, "allies")
    assert page.locator(".kwic tbody tr").count() == len(found)
    assert page.locator(".item[aria-current=true] mark:not(.light)").inner_text().lower() == "allies"
    assert page.locator(".lines tbody tr").count() == len(study.documents)
    press(page, "sort right")
    after = [words(text)[:1] for text in page.locator(".kwic td:nth-child(4)").all_inner_texts()]
    assert after == sorted(after) and "sort=right" in page.url
    page.locator(".kwic button").nth(2).click()
    assert page.locator(".kwic tr.on").count() >= 1


def test_a_context_is_read_whatever_was_asked_meanwhile(visit, practice):
    page = visit(f"{practice}#view=search&find=allies&edit=multilateralism")
    press(page, "context 1")
    assert page.locator("#pane-title").inner_text() == "allies" and "at=1" in page.url
    assert page.locator('.item[aria-current="true"]').count() == 1


def test_texts_without_a_frequent_word_have_no_scatter(visit, write):
    page = visit(write("rare", cr.study({"a": "Allies pay.", "b": "They talk."}, lexicon={"pay": ["pay"]}), paired=2))
    press(page, "view words")
    assert "No word occurs five times or more" in shown(page) and page.locator(".chart").count() == 0


def test_what_cannot_be_searched_for_gets_a_sentence(visit, practice):
    page = visit(practice)
    for typed in ("cost AND pay", "(a|b", "cost[a-z]+", "**", "x" * 10_000, "\\bcost\\b", "*", "~", "a.*b"):
        find(page, typed)
        said = page.locator('[role="alert"]').inner_text()
        assert said.endswith(".") and len(said) < 250, typed
        assert page.evaluate("document.body.scrollHeight") < 3000 and page.locator(".kwic").count() == 0


def test_phrases_stars_and_near_words_are_found(visit, practice):
    page = visit(practice)
    for typed in ("all*", "the sea", '"the sea"', "fleet|fleets", "cost* near 8 the"):
        find(page, typed)
        pattern = typed.replace(" near ", " ~").strip('"')
        expected = len(cr.lexicon.concordance(cr.study("practice").corpus, pattern))
        assert page.locator(".kwic tbody tr").count() == min(expected, 100), typed


def test_without_texts_a_search_is_answered_by_passage(visit, counts):
    page = visit(counts)
    find(page, "taiwan")
    assert "14 uses" in shown(page) and "by passage" in shown(page)
    press(page, "view read")
    assert page.locator(".passage").count() > 2 and "attach" in shown(page)
    find(page, "cost near allies")
    assert "Without the texts" in page.locator('[role="alert"]').inner_text()


# --- editing ------------------------------------------------------------------------------------------------------


def test_a_word_list_is_edited_with_before_and_after_undo_and_redo(visit, practice, tmp_path):
    page = visit(practice)
    press(page, "ask burden_sharing")
    press(page, "edit burden_sharing")
    page.fill('.pane [data-do="add"] [name="text"]', "harbour*")
    page.press('.pane [data-do="add"] [name="text"]', "Enter")
    changes = page.locator(".changes").inner_text()
    assert "→" in changes and "against the codes" in changes
    page.wait_for_function("() => document.querySelector('.changes').innerText.includes('computed in this page')")
    changed = page.locator('.cell[data-do^="ask burden_sharing/"] .n').all_inner_texts()
    press(page, "undo")
    assert page.locator(".changes").count() == 0
    before = page.locator('.cell[data-do^="ask burden_sharing/"] .n').all_inner_texts()
    assert before != changed
    press(page, "redo")
    assert page.locator('.cell[data-do^="ask burden_sharing/"] .n').all_inner_texts() == changed
    (tmp_path / "themes.yml").write_bytes(saved(page, "save lexicon")[0])
    lexicon = cr.study("practice").lexicon
    again = read_lexicon(tmp_path / "themes.yml")
    assert {(e.key, e.text, e.reason) for e in again} - {(e.key, e.text, e.reason) for e in lexicon} == {
        ("burden_sharing", "harbour*", "")
    }
    assert len(again) == len(lexicon) + 1 and dict(again.labels) == dict(lexicon.labels)
    other = visit(page.url)  # in a new tab
    assert other.locator('.cell[data-do^="ask burden_sharing/"] .n').all_inner_texts() == changed
    other = visit(
        f"{practice}#edit=burden_sharing"
    )  # on a page without edits the lexicon is opened as one that can be undone
    (tmp_path / "empty.yml").write_text("[]")
    (tmp_path / "changed.yml").write_text((tmp_path / "themes.yml").read_text().replace('"harbour*"', '"harbours"'))
    for name, said in (
        ("empty.yml", "This file is not one that this page has saved"),
        ("themes.yml", "The lexicon was opened"),
        ("changed.yml", "or it was changed since"),
    ):
        other.locator('[data-do="open"]').first.set_input_files(tmp_path / name)
        other.wait_for_selector(f"text={said}")
    assert saved(other, "save analysis")[0].count(b"harbour*") == 1
    assert other.locator('.cell[data-do^="ask burden_sharing/"] .n').all_inner_texts() == changed
    press(other, "undo")
    assert other.locator('.cell[data-do^="ask burden_sharing/"] .n').all_inner_texts() == before


@pytest.mark.parametrize("where", ["article.text .sentence", ".kwic td:nth-child(2)"])
def test_what_is_selected_is_added_to_a_theme(visit, practice, where):
    page = visit(f"{practice}#view=read" if where.startswith("article") else f"{practice}#view=search&find=fleet")
    study = cr.study("practice")
    word = page.evaluate(
        """([where, known]) => {
          const nodes = [...document.querySelectorAll(where)].flatMap(one => [...one.childNodes]);
          for (const text of nodes.filter(one => one.nodeType === 3)) {
            const word = text.data.match(/\\b[a-z]{6,}\\b/)?.[0];
            if (!word || known.includes(word)) continue;
            text.parentElement.scrollIntoView({ block: "center" });
            getSelection().setBaseAndExtent(text, text.data.indexOf(word), text, text.data.indexOf(word) + word.length);
            return word;
          }
        }""",
        [
            where,
            sorted(
                {"through"} | {word for one in study.lexicon for words_ in sequences(one.pattern) for word in words_}
            ),
        ],
    )
    page.wait_for_selector(".offer form")
    assert word in page.locator(".offer").inner_text()
    page.select_option('.offer [name="key"]', "multilateralism")
    page.locator('.offer [type="submit"]').click()
    assert "Before and after" in page.locator(".pane").inner_text() and page.locator(".offer").is_hidden()
    press(page, "view argument")
    entries = [*study.lexicon, cr.lexicon.Entry("multilateralism", word)]
    edited = cr.study(study.corpus, lexicon=make_lexicon("themes", entries))
    for row in edited.rates().frame.query("key == 'multilateralism'").itertuples():
        cell = page.locator(f'[data-do="ask {row.key}/{row.doc_id}"]').first
        assert cell.inner_text().startswith(str(row.sentences_with_hit or "")), row


def test_what_is_searched_for_is_added_as_it_was_searched_for(visit, practice):
    page = visit(f"{practice}#view=search&find=fleet* near 8 the")
    study = cr.study("practice")
    page.locator('.pane [data-do="add"] select').select_option("multilateralism")
    page.locator('.pane [data-do="add"] button').click()
    entries = [*study.lexicon, cr.lexicon.parse_entry("fleet* ~8 the", "multilateralism")]
    edited = cr.study(study.corpus, lexicon=make_lexicon("themes", entries))
    press(page, "view argument")
    for row in edited.rates().frame.query("key == 'multilateralism'").itertuples():
        cell = page.locator(f'[data-do="ask {row.key}/{row.doc_id}"]').first
        assert cell.inner_text().startswith(str(row.sentences_with_hit or "")), row
    assert page.locator(".changes tbody tr").count() > 0


def test_a_word_can_be_taken_out_of_every_list(visit, texts, texts_study):
    page = visit(texts)
    find(page, "partner")  # whose forms are offered too
    page.locator('[data-do="word partner*"]').first.click()
    assert "Before and after" in page.locator(".pane").inner_text()
    entries = []
    for entry in texts_study.lexicon:
        pattern, *near = [without_partners(text) for text in (entry.pattern, *entry.near)]
        if pattern and (any(near) or not near):
            entries.append(cr.lexicon.Entry(entry.key, pattern, tuple(filter(None, near)), entry.within, entry.blocked))
    edited = cr.study(texts_study.corpus, lexicon=make_lexicon("themes", entries))
    press(page, "view argument")
    changed = 0
    before = texts_study.rates().frame["sentences_with_hit"].tolist()
    for row, was in zip(edited.rates().frame.itertuples(), before, strict=True):
        cell = page.locator(f'[data-do="ask {row.key}/{row.doc_id}"]').first
        assert cell.inner_text().startswith(str(row.sentences_with_hit or "")), row
        changed += row.sentences_with_hit != was
    assert changed and page.locator(".changes tbody tr").count() == changed


def without_partners(text):
    """A pattern without the alternatives that hold a form of “partner”."""
    rest = [" ".join(words) for words in sequences(text) if not any(word.startswith("partner") for word in words)]
    return f"({'|'.join(rest)})" if len(rest) > 1 else "".join(rest)


def test_without_texts_a_word_of_the_lists_says_what_could_go_at_most(visit, counts):
    page = visit(counts)
    find(page, "partner")
    said = page.locator(".pane .note", has_text="“partner*” stands in").inner_text()
    hits = cr.study("alliances", texts=False).hits["key"].value_counts()
    assert f"of {hits['multilateralism']} hits of multilateralism" in said and "only the texts can tell" in said
    assert page.locator('[data-do^="word "], .adding').count() == 0


def test_what_cannot_be_added_says_why(visit, practice, counts):
    page = visit(practice)
    page.evaluate("location.hash = '#edit=burden_sharing'")
    for typed, said in (("free (riding", "not closed"), ("*", "every word"), ("burden*", "")):
        page.fill('.pane [data-do="add"] [name="text"]', typed)
        page.press('.pane [data-do="add"] [name="text"]', "Enter")
        if said:
            assert said in page.locator('.pane [role="alert"]').inner_text()
    page = visit(counts)
    page.evaluate("location.hash = '#edit=burden_sharing'")
    assert (
        page.locator('.pane [data-do="add"]').count() == 0
        and "the texts are needed" in page.locator(".pane").inner_text()
    )
    page.locator('[data-do^="drop "]').first.click()
    assert page.locator(".changes").count() == 1


def test_the_name_of_a_theme_typed_as_a_search_leads_to_the_theme(visit, practice):
    page = visit(practice)
    find(page, "who speaks of Osmarra's rise?")
    page.locator(".facts").get_by_role("button", name="Osmarra’s rise", exact=True).click()
    page.wait_for_selector(".pane h2:has-text('Osmarra’s rise')")
    assert "sentences in" in page.locator(".facts").inner_text()
    find(page, "harbour mistress")
    assert "Silent: no such phrase" in page.locator(".facts").inner_text()


def test_of_a_list_without_entries_no_reason_is_made_up(visit, practice, tmp_path):
    drops = [
        f"drop={quote(f'{one.key}/{one.text}')}" for one in cr.study("practice").lexicon if one.key.startswith("burden")
    ]
    page = visit(f"{practice}#ask=burden_sharing&{'&'.join(drops)}")
    page.wait_for_selector("text=Its word list is empty")
    assert "Silent: none of" in page.locator(".facts").inner_text()
    press(page, "edit burden_sharing")
    (tmp_path / "themes.yml").write_bytes(saved(page, "save lexicon")[0])
    assert not any(key.startswith("burden") for key in read_lexicon(tmp_path / "themes.yml").labels)


# --- the address --------------------------------------------------------------------------------------------------


def test_the_address_works_with_back_reload_a_new_tab_and_cut_short(visit, practice):
    page = visit(practice)
    press(page, "ask burden_sharing")
    press(page, "view words")
    find(page, "fleet*")
    full = page.url
    page.go_back()
    assert page.locator('.nav [aria-current="page"]').inner_text() == "Words"
    page.go_back()
    assert page.locator("#pane-title").inner_text().lower() == "burden sharing"
    page.go_forward()
    page.go_forward()
    page.reload()
    page.wait_for_selector(".kwic")
    rows = page.locator(".kwic tbody tr").count()
    assert visit(full).locator(".kwic tbody tr").count() == rows
    cut = visit(full[: full.index("fleet") + 5] + "%")
    assert "could not be read" in cut.locator(".telling").inner_text()


def test_an_address_opens_the_text_that_was_read_beside_what_was_asked(visit, counts):
    page = visit(f"{counts}#view=read&ask=china_rise&read=wesley_2017")
    assert page.locator("main h1").inner_text() == "Wesley 2017"
    press(page, "step 1")  # what is stepped to is opened
    assert page.locator("main h1").inner_text() == "Baker & Glosserman 2013"


def test_an_address_opens_at_its_sentence_on_a_phone_too(visit, counts):
    page = visit(f"{counts}#view=read&ask=china_rise/lee_2023", 390, 844)
    assert 0 <= page.locator(".sentence.here").bounding_box()["y"] <= 844 * 0.44  # above the evidence


def test_any_address_opens_the_page(visit, practice):
    tails = "% view=nowhere ask=__proto__ ask=1-99999/nobody at=-1 pair=/ add=x topic=-1 constructor=1 without=%E0"
    page = visit(practice)
    for tail in [*tails.split(), "&&&=&", "place=1e9", "find=" + "y" * 5000, "word=" + "z" * 999, "drop=a/b&edit=c"]:
        page.goto("about:blank")
        page.goto(f"{practice}#{tail}")
        page.wait_for_selector(".crossread[data-ready] .strip")


def test_edits_of_an_address_that_cannot_be_made_are_left_out_and_said(visit, practice):
    one = "add=multilateralism/harbour*"
    page = visit(f"{practice}#edit=multilateralism&{one}&{one}&word=((&add=multilateralism/sea")
    assert page.locator(".changes .entries li").count() == 2  # the second is there already, the third is no pattern
    assert page.locator('.pane [role="alert"]').inner_text().endswith(".")


# --- files --------------------------------------------------------------------------------------------------------


def saved(page, action):
    with page.expect_download() as download:
        press(page, action)
    return Path(download.value.path()).read_bytes(), download.value.suggested_filename


def test_tables_and_pictures_are_saved(visit, practice):
    page = visit(practice)
    content, name = saved(page, "save senses")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    rates = cr.study("practice").rates().frame
    assert name == "practice-senses.csv" and len(rows) == len(rates)
    assert sum(int(row["sentences_with_hit"]) for row in rows) == rates["sentences_with_hit"].sum()
    said = []
    page.on("console", lambda message: said.append(message.text))
    svg, _ = saved(page, "picture svg strips")
    assert said == []  # nothing of the picture contradicts something else
    assert svg.startswith(b"<svg") and b"var(" not in svg and svg.count(b"<path") > 10
    png, _ = saved(page, "picture png strips")
    assert png.startswith(b"\x89PNG")
    press(page, "ask burden_sharing")
    hits, _ = saved(page, "save hits")
    assert len(list(csv.DictReader(io.StringIO(hits.decode("utf-8"))))) == page.locator(".item").count()
    press(page, "view words")
    page.wait_for_selector('[data-chart="words"][data-ready]', timeout=30_000)
    assert saved(page, "picture svg words")[0].startswith(b"<svg")
    assert b"log_ratio" in saved(page, "save words")[0]


def test_an_analysis_is_saved_and_opened(visit, practice, tmp_path):
    page = visit(practice)
    press(page, "view seminar")
    page.locator('[data-do^="rank "]:not([disabled])').first.click()
    order = page.locator(".ranking li > span:first-child").all_inner_texts()
    page.locator('[data-do^="code "]').first.check()
    press(page, "coded")
    assert "agree in" in page.locator("#h-code").inner_text()
    page.locator('[data-do^="reveal "]').click()
    assert "pairs of texts" in shown(page)
    content, _ = saved(page, "save analysis")
    (tmp_path / "answers.json").write_bytes(content)
    assert json.loads(content)["corpus"] == "practice" and len(json.loads(content)["codes"]) == 10
    other = visit(practice)
    other.locator('[data-do="open"]').first.set_input_files(tmp_path / "answers.json")
    other.wait_for_selector("text=The analysis was opened")
    assert other.locator('.nav [aria-current="page"]').inner_text() == "Seminar"
    assert other.locator(".ranking li > span:first-child").all_inner_texts() == order
    assert "agree in" in other.locator("#h-code").inner_text()
    odd = {
        "crossread": "analysis",
        "corpus": "practice",
        "address": "view=topics",
        "quiz": [None, 3],
        "codes": {"x": 1},
    }
    (tmp_path / "odd.json").write_text(json.dumps(odd | {"guesses": {"burden_sharing": 1}}))
    other.locator('[data-do="open"]').first.set_input_files(tmp_path / "odd.json")
    other.wait_for_selector(".quiz")
    (tmp_path / "none.json").write_text("null")
    other.locator('[data-do="open"]').first.set_input_files(tmp_path / "none.json")
    other.wait_for_selector("text=This file is not one that this page has saved")
    (tmp_path / "other.json").write_text('{"crossread": "analysis", "corpus": "mine"}')
    other.locator('[data-do="open"]').first.set_input_files(tmp_path / "other.json")
    other.wait_for_selector("text=This analysis is of “mine”")


# --- words, topics, how sure ----------------------------------------------------------------------------------------


def test_words_are_drawn_listed_and_lead_to_their_contexts(visit, practice):
    page = visit(f"{practice}#view=words")
    page.wait_for_selector('[data-chart="words"][data-ready]', timeout=30_000)
    # a chart as wide as what it holds would be drawn anew, a pixel wider, twenty times
    assert page.evaluate("(c => c.clientWidth <= c.parentElement.clientWidth)(document.querySelector('.chart'))")
    assert page.locator('[data-chart="words"] svg path').count() > 20
    word = page.locator(".sides button").first
    text = word.inner_text()
    word.click()
    assert page.locator("#pane-title").inner_text() == text.lower() and page.locator(".item").count() > 0


def test_names_of_words_do_not_lie_on_one_another(visit, write):
    page = visit(f"{write('near', cr.study('alliances', texts=False), paired=1, topics=False)}#view=words", 390, 844)
    page.wait_for_selector('[data-chart="words"][data-ready]', timeout=30_000)
    boxes = page.evaluate("""[...document.querySelectorAll('.chart .mark-text text')].filter(one => one.textContent)
      .map(one => one.getBoundingClientRect()).map(({ left, right, top, bottom }) => [left, right, top, bottom])""")
    assert len(boxes) > 4
    for number, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top, (
                boxes[number],
                other,
            )


def test_topics_can_be_held_against_shuffled_words_and_the_intruder_is_told(visit, practice):
    page = visit(f"{practice}#view=topics")
    names = page.locator(".topic button").all_inner_texts()
    page.locator(".topic button").first.click()
    assert page.locator(".item").count() == 8 and page.locator(".status").inner_text().endswith(": 8 passages.")
    press(page, "shuffled yes")
    assert page.locator(".topic button").all_inner_texts() != names and "shuffled=yes" in page.url
    page.locator(".quiz li").first.locator("button").first.click()
    assert "of 1 found" in shown(page)
    assert page.locator(".quiz li").first.locator(".right").count() == 1


def test_choices_are_brushed_and_claims_move(visit, counts):
    page = visit(f"{counts}#view=sure")
    said = page.locator(".claims .meter b").all_inner_texts
    before, ledger = said(), cr.study("alliances", texts=False).claims().frame
    assert [int(share[:-1]) for share in before] == pytest.approx(
        100 * ledger[["direction", "support"]].to_numpy().ravel(), abs=0.51
    )
    option = page.get_by_role("button", name="per 1,000 tokens", exact=True)
    option.click()
    assert option.get_attribute("aria-pressed") == "false"
    assert said() != before and "without=" in page.url and "in every way that is left" in shown(page)
    page.reload()
    page.wait_for_selector(".claim")
    assert said() != before
    press(page, "ways")
    assert said() == before


@pytest.mark.parametrize("which", ["practice", "counts"])
def test_whatever_is_pressed_something_is_shown(visit, request, which):
    page, generator = visit(request.getfixturevalue(which)), random.Random(which)
    for _ in range(50):
        seen = "one => !one.disabled && one.checkVisibility() && !/^(save|picture) /.test(one.dataset.do)"
        actions = page.evaluate(
            f"[...document.querySelectorAll(':is(a,button)[data-do]')].filter({seen}).map(one => one.dataset.do)"
        )
        verb = generator.choice(sorted({action.split()[0] for action in actions}))  # each kind of button as often
        action = generator.choice([action for action in actions if action.split()[0] == verb])
        page.evaluate(
            "a => [...document.querySelectorAll('[data-do]')].find(one => one.dataset.do === a).click()", action
        )
        assert page.errors == [], action
        assert not re.search(r"\b(NaN|undefined|Infinity|null)\b", shown(page) + page.url), action


# --- everybody ----------------------------------------------------------------------------------------------------


def test_axe_finds_nothing(visit, write):
    study = cr.study("practice")
    few = study.documents.index[:3]
    texts = {doc: " ".join(study.sentences["text"][study.sentences["doc_id"] == doc][:16]) for doc in few}
    page = visit(write("few", cr.study(texts, lexicon=study.lexicon), paired=3))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for view in VIEWS:
            page.evaluate(f"location.hash = '#view={view}&find=the&ask=burden_sharing'")
            page.wait_for_timeout(60)
            assert violations(page) == [], (view, scheme)
        page.evaluate("location.hash = '#view=read&edit=burden_sharing'")
        assert violations(page) == [], scheme


def test_nothing_runs_out_of_the_window(visit, practice):
    page = visit(practice)
    for width, view in [(width, view) for width in (390, 768, 1024, 1440, 1920) for view in VIEWS]:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(f"location.hash = '#view={view}&find=the&ask=burden_sharing'")
        page.wait_for_timeout(40)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, view)


def test_the_keyboard_alone_is_enough(visit, practice):
    page = visit(practice)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "To the reading pane"
    page.locator(".strip").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert "sentence 3 of" in page.locator(".status").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#pane-title").inner_text() == "Sentences 2 to 3"
    page.keyboard.press("Escape")
    assert page.locator("#pane-title").inner_text() == "Ask the texts"
    cell = page.locator(".cell").first
    cell.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.do") == cell.get_attribute("data-do")
    page.evaluate("location.hash = '#edit=burden_sharing'")
    page.locator('[data-do^="drop "]').first.focus()
    page.keyboard.press("Enter")  # the line is gone, and its button with it
    assert page.evaluate("document.activeElement.className") == "pane"


def test_who_wants_no_motion_gets_none(visit, practice):
    page = visit(practice)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.strip .m')).transitionDuration") == "0s"


def test_titles_labels_names_and_texts_from_strangers_run_nothing(visit, write, tmp_path):
    texts = {f"{name}{HOSTILE}": f"# {HOSTILE}\n\n{text * 4}" for name, text in HOSTILE_TEXTS.items()}
    corpus = cr.from_texts(texts)
    for column in ("label", "title", "authors", "genre", "source"):
        corpus.documents[column] = [HOSTILE, "b", HOSTILE, "b"]
    lexicon = make_lexicon("themes", {"cost": ["cost*"], "pay.one": ["pay*"], "pay.two": ["talk*"]})
    object.__setattr__(lexicon, "labels", {"cost": HOSTILE, "pay": HOSTILE, "pay.one": HOSTILE})
    page = visit(write("hostile", cr.study(corpus, lexicon=lexicon), paired=1, title=HOSTILE))
    for view in VIEWS:
        for asked in (
            "ask=cost",
            "ask=pay.one",
            "edit=cost",
            "ask=claim/draft-1",
            "ask=1-2",
            "ask=topic/1",
        ):
            page.evaluate(f"location.hash = '#view={view}&find=costs&read=1&beside=2&{asked}'")
            page.wait_for_timeout(20)
            assert page.locator(".crossread :is(img, iframe, object, embed, script)").count() == 0, (view, asked)
    press(page, "view argument")
    page.locator(".strip").first.hover(position={"x": 5, "y": 15})
    assert "<img src=x" in page.locator(".tip").inner_text()
    assert "<img src=x" in page.locator(".cell").first.get_attribute("title")
    find(page, HOSTILE)
    press(page, "view argument")
    page.evaluate("hash => { location.hash = hash; }", f"#find={HOSTILE}&ask={HOSTILE}&edit={HOSTILE}&view={HOSTILE}")
    assert page.locator("img").count() == 0 and page.locator("script").count() == 3
    assert "<img src=x" in page.locator(".mast").inner_text() and page.evaluate("window.ran") is None
    assert b"<img" not in saved(page, "picture svg strips")[0]
    bad = {"crossread": "analysis", "corpus": "texts", "address": f"#find={HOSTILE}", "codes": [], "guesses": {}}
    (tmp_path / "bad.json").write_text(json.dumps(bad | {"lexicon": {HOSTILE: {"__proto__": ["cost*"]}}}))
    page.locator('[data-do="open"]').first.set_input_files(tmp_path / "bad.json")
    page.wait_for_selector(".telling p")
    assert page.locator("img").count() == 0


def test_the_same_module_runs_as_a_widget_on_what_makes_the_same_page_each_time(open_page, folder):
    from crossread_explorer.widget import Explorer, show

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_words", "_topics"):
            patch.setattr(f"crossread_explorer.data.{name}", lambda *_: [])
        widget = show(cr.study("practice"))
        page = write_page(cr.study("practice"), folder / "same.html").read_text(encoding="utf-8")
    assert all(part in page for part in (widget.data, widget.vega, widget.page_style))
    state = {name: getattr(widget, name) for name in ("data", "vega", "page_style")}
    (folder / "widget.html").write_text(
        f"<!doctype html><meta charset=utf-8><div id=cell></div><script id=esm type=text/plain>{Explorer._esm}</script>"
        f"<script type=module>const s = {json.dumps(state)};"
        "const text = document.getElementById('esm').textContent, type = 'text/javascript';"
        "const address = URL.createObjectURL(new Blob([text], {type}));"
        "const made = await import(address);"
        "made.default.render({ model: { get: name => s[name] }, el: document.getElementById('cell') });</script>",
        encoding="utf-8",
    )
    page = open_page((folder / "widget.html").as_uri())
    page.wait_for_selector(".crossread[data-ready]", timeout=30_000)
    page.locator(".cell").first.click()
    assert page.locator(".pane .facts dt").first.inner_text() == "Counted"
    assert "#" not in page.url and page.errors == []
    page.context.close()
