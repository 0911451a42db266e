"""What the page counts by itself is what the library counts: tokens, patterns, hits, limits, edits, scores."""

import random
from dataclasses import replace

import numpy as np
import pytest

import crossread as cr
from crossread import measure
from crossread.corpus import corpus_folder
from crossread.corpus.tokens import words
from crossread.errors import CrossreadError
from crossread.lexicon import find_hits, make_lexicon, parse_entry
from crossread.lexicon.patterns import check_entry, covers, sequences

QUERIES, EDITS = 920, 40


@pytest.fixture(scope="module")
def study():
    return cr.study("practice")


@pytest.fixture(scope="module")
def data(study, light_data):
    return light_data(study)


def with_texts(corpus):
    """The study of alliances of a copy of its corpus, which has no lexicon beside it."""
    return cr.study(corpus, lexicon=corpus_folder("alliances").parent / "themes.yml")


def random_query(generator, sentences):
    """A word, a part of one, a phrase, alternatives, a window or an exception, made of words that occur."""

    def word():
        return generator.choice(generator.choice(sentences))

    def pattern():
        one = word()
        kind = generator.randrange(7)
        if kind == 0:
            return one[: generator.randint(1, len(one))] + "*"
        if kind == 1 and len(one) > 2:
            return one[:1] + "?" + one[2:]
        if kind == 2:
            sentence = generator.choice(sentences)
            at = generator.randrange(len(sentence))
            return " ".join(sentence[at : at + generator.randint(2, 4)])
        if kind == 3:
            return f"{one}|{word()}|{word()[:3]}*"
        if kind == 4:
            return f"{one} ({word()}|{word()} {word()})"
        if kind == 5:
            return f"{one} * {word()}"
        return one.upper() if generator.random() < 0.3 else one

    text = pattern()
    if generator.random() < 0.35:
        within = generator.choice(["", "", 1, 3, 8])
        text += f" ~{within} {', '.join(pattern() for _ in range(generator.randint(1, 2)))}"
    if generator.random() < 0.15:
        text += f" ! {pattern()}"
    return text


def test_tokens_are_those_of_the_library(node, data):
    generator = random.Random(1)
    alphabet = "aé ßÜx 1.,'’-–U.S.K\u00ad\u0301ﬁ中\n\t%“”(&ŀ0²"
    texts = ["".join(generator.choices(alphabet, k=generator.randint(0, 40))) for _ in range(400)]
    texts += [
        "U.S. and US allies, the UK’s costs: 1,000.5 (J. Roe) e.g. burden-sharing",
        "CHINA'S",
        "Ｆｕｌｌ ﬁne İstanbul",
    ]
    assert node(data, texts=texts)["tokens"] == [words(text) for text in texts]


@pytest.mark.parametrize("corpus", ["practice", "alliances"])
def test_every_sentence_has_the_tokens_that_were_counted(node, light_data, corpus, request):
    study = with_texts(request.getfixturevalue("alliances_with_texts")) if corpus == "alliances" else cr.study(corpus)
    found = node(light_data(study), texts=study.sentences["text"].tolist())["tokens"]
    assert [len(tokens) for tokens in found] == study.sentences["n_tokens"].tolist()


def test_entries_are_read_or_refused_alike(node, data):
    generator = random.Random(2)
    parts = "cost* ally|allies (a|b_c) ~ ~5 ! free_(ride| ) * ? a|b_c … U.S. ,_".replace("_", "\t").split(" ")
    parts = [part.replace("\t", " ") for part in parts]
    texts = [" ".join(generator.choices(parts, k=generator.randint(1, 5))) for _ in range(400)]
    texts += ["(" * depth + "a" + ")" * depth for depth in (20, 21, 20_000)]
    for text, found in zip(texts, node(data, entries=texts)["entries"], strict=True):
        try:
            assert found == check_entry(parse_entry(text)).text, text
        except CrossreadError:
            assert isinstance(found, dict), (text, found)


def test_hundreds_of_queries_and_edits_give_what_the_library_gives(node, study, data):
    generator = random.Random(3)
    sentences = [tokens for text in study.sentences["text"] if (tokens := words(text))]
    queries = [random_query(generator, sentences) for _ in range(QUERIES)]
    edits = [random_edits(generator, study, sentences) for _ in range(EDITS)]
    answers = node(data, queries=queries, edits=edits)
    body, first = study.sentences["kind"] == "body", first_tokens(study)
    rows = {sentence: row for row, sentence in enumerate(ordered(study).index)}
    readable = {}
    for number, (query, answer) in enumerate(zip(queries, answers["searches"], strict=True)):
        try:
            readable[number] = check_entry(parse_entry(query, f"q{number}"))
            assert "hits" in answer, (query, answer)
        except CrossreadError:
            assert "refused" in answer, query
    hits = find_hits(study.corpus, make_lexicon("asked", readable.values()))
    by_query = dict(list(hits.groupby(hits["key"].astype(str))))
    for number in readable:
        own, answer = by_query.get(f"q{number}", hits.iloc[:0]), answers["searches"][number]
        expected = sorted(
            [rows[hit.sentence_id], int(hit.start_token - first[hit.sentence_id]), int(hit.end_token - hit.start_token)]
            for hit in own.itertuples()
        )
        assert sorted(answer["hits"]) == expected, queries[number]
        counted = own[body.reindex(own["sentence_id"]).to_numpy()].groupby("doc_id", observed=True).size()
        assert answer["per"] == [int(counted.get(doc, 0)) for doc in ordered_documents(study)], queries[number]
    assert len(by_query) > QUERIES / 3
    changed = 0
    for number, (edit, answer) in enumerate(zip(edits, answers["edits"], strict=True)):
        try:
            edited = cr.study(study.corpus, lexicon=apply(study.lexicon, edit))
        except CrossreadError:
            assert "refused" in answer, edit
            continue
        assert answer.get("entries") == len(edited.lexicon), (edit, answer)
        check_cells(edited, answer["cells"])
        if number % 5 == 0:
            table = measure.validate_lexicon(edited.hits, study.codes, entries=False)
            table = table[table["rule"] == "core or weak"].set_index("key")
            for theme, scores in zip(study.lexicon.themes, answer["scores"], strict=True):
                for name in ("precision", "recall"):
                    wanted = table.loc[theme, [name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=float)
                    assert np.allclose(np.array(scores[name], dtype=float), wanted, atol=1e-7, equal_nan=True)
        changed += answer["cells"] != answers["counted"]
    assert changed > EDITS / 3


def random_edits(generator, study, sentences):
    edits = []
    for _ in range(generator.randint(1, 3)):
        what = generator.choice(["add", "add", "drop", "word"])
        entry = generator.choice(study.lexicon.entries)
        if what == "add":
            edits.append({"what": "add", "key": entry.key, "text": random_query(generator, sentences)})
        elif what == "drop":
            edits.append({"what": "drop", "key": entry.key, "text": entry.text})
        else:
            own = [" ".join(words) for text in (entry.pattern, *entry.near) for words in sequences(text)]
            one = generator.choice(own)
            edits.append(
                {"what": "word", "text": generator.choice([one, generator.choice(one.split()), one[:3] + "*"])}
            )
    return edits


def apply(lexicon, edits):
    """The lexicon after edits, made as a scholar would make it."""
    entries = list(lexicon.entries)
    for edit in edits:
        if edit["what"] == "add":
            entries.append(parse_entry(edit["text"], edit["key"]))
        elif edit["what"] == "drop":
            entries = [one for one in entries if (one.key, one.text) != (edit["key"], edit["text"])]
        else:
            entries = [changed for one in entries if (changed := without(one, edit["text"])) is not None]
        make_lexicon("tried", entries)  # each step has to be a lexicon
    return make_lexicon("themes", entries)


def without(entry, typed):
    """The entry without all forms that a pattern stands for; None where nothing is left."""

    def names(words):
        return any(covers(own, words[at : at + len(own)]) for own in sequences(typed) for at in range(len(words)))

    def drop(text):
        rest = [words for words in sequences(text) if not names(words)]
        if len(rest) == len(sequences(text)):
            return text
        joined = "|".join(map(" ".join, rest))
        return f"({joined})" if len(rest) > 1 and " " in joined else joined

    pattern, near = drop(entry.pattern), tuple(filter(None, map(drop, entry.near)))
    return None if not pattern or (entry.near and not near) else replace(entry, pattern=pattern, near=near)


def ordered_documents(study):
    return list(study.documents.sort_values("year", kind="stable").index)


def ordered(study):
    place = {doc: i for i, doc in enumerate(ordered_documents(study))}
    return study.sentences.sort_values("doc_id", key=lambda ids: ids.map(place), kind="stable")


def first_tokens(study):
    sentences = study.sentences
    return sentences.groupby("doc_id", sort=False)["n_tokens"].cumsum() - sentences["n_tokens"]


def check_cells(study, cells):
    documents, body = ordered_documents(study), study.sentences.index[study.sentences["kind"] == "body"]
    for hits in (study.hits, study.sense_hits):
        counted = hits[hits["sentence_id"].isin(body)].groupby(["key", "doc_id"], observed=False)["sentence_id"]
        table = counted.agg(["nunique", "size"])
        for key in hits["key"].cat.categories:
            expected = [table.loc[(key, doc)].tolist() if (key, doc) in table.index else [0, 0] for doc in documents]
            assert cells[key] == expected, key


@pytest.mark.parametrize("held", ["practice", "alliances", "counts of alliances"])
def test_the_lexicon_as_it_comes_is_counted_alike(node, light_data, held, request):
    if held == "alliances":
        study = with_texts(request.getfixturevalue("alliances_with_texts"))
    else:
        study = cr.study("practice") if held == "practice" else cr.study("alliances", texts=False)
    check_cells(study, node(light_data(study))["counted"])


def test_without_texts_words_and_repeated_phrases_are_counted_by_passage(node, light_data):
    study = cr.study("alliances", texts=False)
    queries = ["taiwan", "partner*", "united states", "the|of", "burden of proof"]
    answers = node(light_data(study), queries=queries)["searches"]
    counts = study.corpus.counts.groupby(["doc_id", "term"])["count"].sum()
    documents = ordered_documents(study)
    assert answers[0]["per"] == [int(counts.get((doc, "taiwan"), 0)) for doc in documents]
    assert answers[3]["per"] == [int(counts[doc, "the"] + counts[doc, "of"]) for doc in documents]
    limits = study.frequencies(["taiwan"]).frame.set_index("doc_id")
    assert np.allclose(answers[0]["limits"], limits.loc[documents, ["low", "high"]].to_numpy(), rtol=1e-9)
    assert sum(answers[2]["per"]) > 20 and answers[4]["per"] == [0] * len(documents)
    refused = node(light_data(study), queries=["cost* ~5 ally", "a b c d"])["searches"]
    assert all("Without the texts" in answer["refused"] for answer in refused)


def test_without_texts_entries_can_be_taken_out_but_not_added(node, light_data):
    study = cr.study("alliances", texts=False)
    entry = study.lexicon.entries[0]
    dropped, added = node(
        light_data(study),
        edits=[
            [{"what": "drop", "key": entry.key, "text": entry.text}],
            [{"what": "add", "key": entry.key, "text": "levy"}],
        ],
    )["edits"]
    check_cells(cr.study(study.corpus, lexicon=leave_out(study.lexicon, entry.key, entry.text)), dropped["cells"])
    assert "Without the texts" in added["refused"]


def test_limits_are_those_of_scipy(node, data):
    from scipy import stats

    generator = np.random.default_rng(4)
    asked, expected = [["betaInc", 2, 2, 0.5]], [0.5]
    for a, b, p in zip(
        generator.uniform(0.2, 90, 60), generator.uniform(0.2, 90, 60), generator.random(60), strict=True
    ):
        asked += [
            ["betaInv", p, a, b],
            ["gammaInv", p, a],
            ["studentInv", p, a],
            ["normalInv", p],
            ["student", a - b, a],
        ]
        expected += [
            stats.beta.ppf(p, a, b),
            stats.gamma.ppf(p, a),
            stats.t.ppf(p, a),
            stats.norm.ppf(p),
            stats.t.cdf(a - b, a),
        ]
    assert np.allclose(node(data, numbers=asked)["numbers"], expected, rtol=1e-8, atol=1e-12)


def leave_out(lexicon, key, text):
    return replace(lexicon, entries=tuple(entry for entry in lexicon if (entry.key, entry.text) != (key, text)))


def dropped_entries(study, n):
    """Edits that take out of each theme with many entries those with the most hits."""
    entries = study.entries().frame.sort_values("hits", ascending=False, kind="stable")
    many = entries.groupby("theme")["entry"].transform("size") > 2 * n
    entries = entries[many].groupby("theme", sort=False).head(n)
    return [{"what": "drop", "key": row.key, "text": row.entry} for row in entries.itertuples()]


@pytest.mark.parametrize("corpus", ["practice", "alliances", "parties"])
def test_verdicts_of_edited_lists_are_those_of_the_library(node, light_data, corpus):
    study = cr.study(corpus, texts=False if corpus == "alliances" else None)
    edits = dropped_entries(study, 2)
    answers = node(light_data(study), judged=[[], edits], limits=[edits])
    lexicon = study.lexicon
    for edit in edits:
        lexicon = leave_out(lexicon, edit["key"], edit["text"])
    edited = cr.study(study.corpus, lexicon=lexicon)
    for asked, judged in zip((study, edited), answers["judged"], strict=True):
        table = asked.contrasts("share").frame.set_index(["key", "doc_a", "doc_b"])
        assert len(table) == len(judged)
        for row in judged:
            expected = table.loc[(row["key"], row["doc_a"], row["doc_b"])]
            assert np.isclose(row["p"], expected["p"], rtol=1e-6, equal_nan=True), row
            if not row["edge"]:
                assert row["verdict"] == expected["verdict"], (row, expected)
            if row["verdict"] == "not distinguishable":
                ratio = np.inf if row["minimum_ratio"] is None else row["minimum_ratio"]
                # both stop within about 1 per cent
                assert np.isclose(ratio, expected["minimum_ratio"], rtol=0.02), (row, expected["minimum_ratio"])
    limits = {key: rows for key, rows in answers["limits"][0]}
    for table in (edited.rates().frame, edited.senses().frame):
        for row in table.itertuples():
            found = limits[row.key][ordered_documents(study).index(row.doc_id)]
            assert np.allclose(found, [row.share_low, row.share_high], rtol=1e-5, atol=1e-9), row


def test_smallest_ratios_of_documents_against_all_others_are_those_of_the_library(node, light_data):
    generator, texts = random.Random(1), {}
    for number in range(10):
        n, share = (300, 0.2 if number else 0.14) if number < 2 else (400, 0.17)
        texts[f"d{number}"] = " ".join(
            "The allies pay." if generator.random() < share else "The rain falls." for _ in range(n)
        )
    study = cr.study(texts, lexicon={"cost": ["pay"]})
    table = study.contrasts("share").frame.set_index("doc_a")
    judged = [row for row in node(light_data(study), judged=[[]])["judged"][0] if row["minimum_ratio"] is not None]
    below = [row for row in judged if row["difference"] < 0]
    assert 0 < len(below) < len(judged)
    # to fall as far as is seen takes a larger ratio than to rise
    assert min(row["minimum_ratio"] for row in below) > max(
        row["minimum_ratio"] for row in judged if row["difference"] > 0
    )
    for row in judged:
        assert row["minimum_ratio"] == pytest.approx(table.loc[row["doc_a"], "minimum_ratio"], rel=0.02), row


@pytest.mark.parametrize("corpus", ["alliances", "practice"])  # written, and drafts
def test_claims_are_counted_and_weighed_as_in_the_ledger(node, light_data, corpus):
    study = cr.study(corpus, texts=False if corpus == "alliances" else None)
    data = light_data(study, claims=True)
    answers, ledger = node(data), study.claims().frame.set_index("claim")
    assert len(answers["claims"]) == len(ledger) == len(answers["ways"])
    for claim, said in answers["claims"]:
        assert said["holds"] == ledger.loc[claim, "so_counted"], (claim, said)
        first = ledger.loc[claim, "counted"].split(" in ")[0]
        assert said["text"].startswith((first, "None of")), (claim, said, first)
    for claim, direction, support in answers["ways"]:
        row = ledger.loc[claim]
        assert (direction, support) == pytest.approx((row["direction"], row["support"]))
