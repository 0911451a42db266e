"""Lexicons in their files: what is read, what comes back, and what is said about a bad file."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import CrossreadError
from crossread.corpus.places import shipped_file
from crossread.lexicon import Entry, make_lexicon, parse_entry, read_lexicon, write_lexicon
from crossread.lexicon.imports import import_lexicon
from crossread.lexicon.patterns import covers, sequences


def bare(lexicon):
    return [replace(entry, line=0) for entry in lexicon.entries]


def read(folder, name, content):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_lexicon(path)


# --- what an entry may say


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Burden-Sharing", {"burden sharing"}),
        ("free (riding|rider*|ride*)", {"free riding", "free rider*", "free ride*"}),
        ("ally|allies", {"ally", "allies"}),
        ("(fair (share|deal)|free)", {"fair share", "fair deal", "free"}),
        ("re(balance|assure)*", {"rebalance*", "reassure*"}),
        ("US (ally|allies)", {"u.s. ally", "u.s. allies"}),
        ("China’s", {"china"}),
        ("1,000 men", {"1,000 men"}),
        ("any * way", {"any * way"}),
    ],
)
def test_patterns(pattern, expected):
    assert {" ".join(words) for words in sequences(pattern)} == expected


def test_one_line_and_block_say_the_same():
    entry = parse_entry("cost* ~5 ally|allies, alliance* ! war cost*", "k")
    assert entry == Entry("k", "cost*", ("ally|allies", "alliance*"), 5, ("war cost*",))
    assert parse_entry(entry.text, "k") == entry
    assert parse_entry("cost ~ ally").within is None


def test_covers():
    assert covers(("cost*",), ("costs",)) and covers(("cost*",), ("cost?",)) and covers(("*",), ("a*",))
    assert not covers(("cost?",), ("cost*",)) and not covers(("cost*",), ("war", "costs"))


# --- reading

YAML = """\
_words:
  allies: &allies [ally|allies, alliance*]
theme:
  - "*deceit*"   # a comment
  - no
  - 2001
  - pattern: cost*
    with: *allies
    within: 10
    not: [war cost*]
    tier: broad
    reason: who pays
    source: a book
  - deeper:
      - {pattern: fair share, reason: the norm}
other:
  __: [own]
  part: one phrase
"""


def test_yaml(tmp_path):
    lexicon = read(tmp_path, "demo.yml", YAML)
    assert lexicon.name == "demo" and lexicon.keys == ("theme", "theme.deeper", "other", "other.part")
    assert [(e.key, e.text, e.line) for e in lexicon] == [
        ("theme", "*deceit*", 4),
        ("theme", "no", 5),
        ("theme", "2001", 6),
        ("theme", "cost* ~10 ally|allies, alliance* ! war cost*", 7),
        ("theme.deeper", "fair share", 15),
        ("other", "own", 17),
        ("other.part", "one phrase", 18),
    ]
    cost = lexicon.entries[3]
    assert (cost.tier, cost.reason, cost.source) == ("broad", "who pays", "a book")


DIC = """\
%
1\tAffect
\t2\tPosemo
\t3\tNegemo
4\tSocial
%
happy\t1\t2
hate*\t3
kind (of)\t2
like <of> this\t2
fair share\t2 4
"""


def test_dic(tmp_path):
    lexicon = read(tmp_path, "demo.dic", DIC)
    assert [(e.key, e.pattern) for e in lexicon] == [
        ("Affect", "happy"),
        ("Affect.Posemo", "happy"),
        ("Affect.Negemo", "hate*"),
        ("Affect.Posemo", "fair share"),
        ("Social", "fair share"),
    ]
    assert [note.split(":")[0] for note in lexicon.notes] == ["demo.dic, line 9", "demo.dic, line 10"]


def test_csv(tmp_path):
    content = 'key,entry,reason\ncost,"cost* ~5 ally, pact",who pays\ncost.fair,fair share,\n'
    lexicon = read(tmp_path, "demo.csv", content)
    assert lexicon.entries[0].near == ("ally", "pact") and lexicon.entries[0].reason == "who pays"
    assert lexicon.entries[1].line == 3


# --- round trips

texts = st.sampled_from(
    ["cost*", "free (riding|rider*)", "ally|allies", "U.S. bases", "no", "2001", "*deceit", "a: b", "# 5"]
)
good = texts.filter(lambda text: text != "# 5")
entries = st.lists(
    st.builds(
        Entry,
        key=st.sampled_from(["a", "a.b", "a.b.c", "d"]),
        pattern=good.filter(lambda text: text != "a: b"),
        near=st.lists(good.filter(lambda text: text != "a: b"), max_size=2, unique=True).map(tuple),
        blocked=st.sampled_from([(), ("war cost*",)]),
        tier=st.sampled_from(["core", "broad"]),
        reason=st.sampled_from(["", "who pays, and why", "“quoted” - 'too': yes"]),
        source=st.sampled_from(["", "Snyder 1984"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda entry: (entry.key, entry.pattern),
)


@given(entries)
def test_what_is_written_comes_back_as_it_was(tmp_path_factory, found):
    lexicon = make_lexicon("demo", found)
    folder = tmp_path_factory.mktemp("trip")
    by_key = sorted(bare(lexicon), key=lambda e: e.key)
    for name in ("demo.yml", "demo.yaml"):
        again = read_lexicon(write_lexicon(lexicon, folder / name))
        assert sorted(bare(again), key=lambda e: e.key) == by_key


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(CrossreadError, match="demo.txt: a lexicon is written to a file that ends in .yml"):
        write_lexicon(make_lexicon("demo", {"a": ["cost"]}), tmp_path / "demo.txt")


@pytest.mark.parametrize("name", ["themes", "actors", "architectures"])
def test_the_lexicons_of_the_project_come_back(tmp_path, name):
    lexicon = read_lexicon(shipped_file(f"{name}.yml"))
    again = read_lexicon(write_lexicon(lexicon, tmp_path / f"{name}.yml"))
    assert bare(again) == bare(lexicon)


# --- errors, read aloud


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [b\nc: d\n", r"demo.yml, line 2: this is not YAML at “c: d”: "),
        ("a:\n  - *deceit*\n", r"line 2: this is not YAML at “- \*deceit\*”: .* begins with \* or \? needs quotes"),
        ("a:\n  - x\nb:\n  - y\na:\n  - z\n", r"line 5: the key “a” is there twice \(also in line 1\). Join them."),
        ("a:\n  - b: [x]\n  - b: [y]\n", r"line 3, key “a”: the key “b” is there twice \(also in line 2\)"),
        ("a:\n  - x\n  - y\n  - X\n", r"line 4, key “a”: the entry “X” is there twice \(also in line 2\). Delete one."),
        ("a:\n  - x\n  -\n", r"line 3, key “a”: the entry is empty"),
        ("a:\n  - ''\n", r"line 2, key “a”: the entry is empty"),
        ("a: []\n", r"line 1, key “a”: the key has no entry"),
        ("a:\nb: [x]\n", r"line 1, key “a”: the key has no entry"),
        ("a:\n  - {pattern: ''}\n", r"line 2, key “a”: the entry is empty"),
        ("a:\n  - free (riding\n", r"line 2, key “a”: “free \(riding” has a bracket that is not closed"),
        (f"a:\n  - {'(a' * 2_000}\n", r"line 2, key “a”: “(\(a)+” has more than 20 brackets within brackets"),
        ("a:\n  - free riding)\n", r"line 2, key “a”: “free riding\)” has a bracket that was never opened"),
        ("a:\n  - free (riding|)\n", r"line 2, key “a”: “free \(riding\|\)” has an empty alternative"),
        ("a:\n  - free|fair share\n", r"line 2, key “a”: “free\|fair share” can be read in two ways: put .* brackets"),
        ("a:\n  - '...'\n", r"line 2, key “a”: “...” can never match: “...” holds no letter or number"),
        ("a:\n  - '$40'\n", r"line 2, key “a”: “\$40” can never match: no token holds the character “\$”"),
        ("a:\n  - '*'\n", r"line 2, key “a”: “\*” matches every word"),
        ("a:\n  - '** ***'\n", r"line 2, key “a”: “\*\* \*\*\*” matches every word"),
        (
            "a:\n  - cost*\n  - costs\n",
            r"line 3, key “a”: the entry “costs” is swallowed by “cost\*” in line 2: .*Delete one",
        ),
        (
            "a:\n  - costs ~ ally\n  - cost?\n",
            r"line 2, key “a”: the entry “costs ~ ally” is swallowed by “cost\?” in line 3",
        ),
        ("a:\n  - x ~3 y\n  - x ~ y, z\n", r"line 2, key “a”: the entry “x ~3 y” is swallowed by “x ~ y, z” in line 3"),
        ("a:\n  - {with: [x]}\n", r"line 2, key “a”: the entry has “with” and no “pattern”"),
        ("a: {pattern: x}\n", r"line 1, key “a”: an entry with “pattern:” is one item of a list: put a dash before it"),
        ("a:\n  - {pattern: x, near: y}\n", r"line 2, key “a”: an entry has no “near”; it may have pattern, with, "),
        (
            "a:\n  - {pattern: x, reason: one, two}\n",
            r"no “two”; .* A text with a comma in it needs quotes inside \{ \}",
        ),
        (
            "a:\n  - {pattern: x, with: y, within: near}\n",
            r"line 2, key “a”: “within” is “near”; give a number of words",
        ),
        ("a:\n  - {pattern: x, with: y, within: 0}\n", r"line 2, key “a”: “x”: “within” is 0; give a number of words"),
        ("a:\n  - {pattern: x, within: 3}\n", r"line 2, key “a”: “within” without “with”: say what has to be near"),
        (
            "a:\n  - {pattern: x, tier: strict}\n",
            r"line 2, key “a”: “x”: the tier is “strict”; it is either “core” or “broad”",
        ),
        ("a:\n  - - x\n", r"line 2, key “a”: a list inside the list of entries"),
        ("- x\n", r"demo.yml, line 1: a lexicon begins with a key"),
        ("a.b: [x]\n", r"line 1: the key “a.b” holds a dot, which joins nested keys"),
        ("a:\n  - !!python/object:os.system x\n", r"line 2, key “a”: the tag “.*python.*” is not allowed in a lexicon"),
        ("a: &a\n  - b: *a\n", r"“*a” stands inside what it refers to"),
        ("", r"demo.yml: there is no entry in it"),
        ("a: x, y\n", r"line 1, key “a”: write several entries as a list: \[x, y\]"),
        ("a:\n\t- x\n", r"line 2: this is not YAML at “- x”: a tab at the beginning of a line; indent with spaces"),
        ("a:\n  - 'x\n  - y\n", r"a quotation mark that opens in line 2 is not closed"),
        ("a:\n  - x ~\n", r"line 2, key “a”: the entry “x ~” cannot be read: write a pattern, then “~ …”"),
    ],
)
def test_bad_yaml_is_named_by_file_line_and_entry(tmp_path, content, message):
    with pytest.raises(CrossreadError, match=message) as error:
        read(tmp_path, "demo.yml", content)
    assert str(error.value).startswith("demo.yml") and "Traceback" not in str(error.value)


def test_no_code_runs_while_reading(tmp_path):
    trap = tmp_path / "trap"
    with pytest.raises(CrossreadError, match="line 2, key “a”"):
        read(tmp_path, "demo.yml", f"a:\n  - !!python/object/apply:pathlib.Path.touch ['{trap}']\n  - x\n")
    assert not trap.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1\ta\nx\t1\n", r"demo.dic: no dictionary of LIWC: .* 0 of them were found"),
    ],
)
def test_bad_dic(tmp_path, content, message):
    with pytest.raises(CrossreadError, match=message):
        read(tmp_path, "demo.dic", content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("key,word\na,b\n", r"demo.csv: the column “entry” is missing \(columns found: key, word\)"),
        ("key,entry\na,\n", r"demo.csv, line 2, key “a”: the entry or its key is empty"),
        ("key,entry\na,(b\n", r"demo.csv, line 2, key “a”: “\(b” has a bracket that is not closed"),
        ('key,entry\na,"b\nc,d\n', r"demo.csv: a quotation mark that opens in row 2 is never closed"),
        ("key,entry\na,b ~\n", r"demo.csv, line 2, key “a”: the entry “b ~” cannot be read"),
    ],
)
def test_bad_csv(tmp_path, content, message):
    with pytest.raises(CrossreadError, match=message):
        read(tmp_path, "demo.csv", content)


def test_a_table_of_another_country_is_read(tmp_path):
    assert [entry.text for entry in read(tmp_path, "demo.csv", "key;entry\na;b\n")] == ["b"]


@pytest.mark.parametrize(
    ("given", "keys"), [({"a": "pay*"}, ["a"]), ({"a": {"b": ["pay*"], "c": "cost"}}, ["a.b", "a.c"])]
)
def test_a_mapping_may_hold_a_text_or_keys_in_a_key(given, keys):
    assert [entry.key for entry in make_lexicon("demo", given)] == keys


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a": []}, "the lexicon “demo”, key “a”: the key has no entry"),
        ({"a": None}, "key “a”: the key has no entry"),
        ({"a": ["x", 5]}, "key “a”: the entry 5 is no text. Put it in quotation marks."),
    ],
)
def test_a_mapping_with_mistakes_is_refused(given, message):
    with pytest.raises(CrossreadError, match=message):
        make_lexicon("demo", given)


def test_other_files(tmp_path):
    with pytest.raises(CrossreadError, match="there is no such file"):
        read_lexicon(tmp_path / "none.yml")
    with pytest.raises(CrossreadError, match="demo.txt: a lexicon ends in .cat, .csv, .dic"):
        read(tmp_path, "demo.txt", "a")
    (tmp_path / "latin.yml").write_bytes("a:\n  - x\n  - allié\n".encode("latin-1"))
    with pytest.raises(CrossreadError, match="latin.yml, line 3: this is not UTF-8. Save the file as UTF-8"):
        read_lexicon(tmp_path / "latin.yml")


def test_too_many_alternatives():
    with pytest.raises(CrossreadError, match="stands for more than 5,000 phrases: split it into entries"):
        sequences("(a|b|c|d|e|f|g|h|i|j)" * 4)


def test_a_core_entry_is_not_swallowed_by_a_broad_one():
    lexicon = make_lexicon("demo", [Entry("k", "costs"), Entry("k", "cost*", tier="broad")])
    assert len(lexicon) == 2 and [e.text for e in lexicon.strict()] == ["costs"]
    with pytest.raises(CrossreadError, match="the lexicon “demo” has no key “l” .it has k."):
        lexicon.select("l")


def test_a_comma_in_quotation_marks_is_part_of_an_entry_and_in_a_mapping_parts_several(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text('peace: "Treaty of Peace, Friendship"\n', encoding="utf-8")
    assert [entry.text for entry in read_lexicon(path)] == ["Treaty of Peace, Friendship"]
    assert [entry.text for entry in import_lexicon(path)] == ["Treaty of Peace, Friendship"]
    with pytest.raises(CrossreadError, match=r"key “peace”: write several entries as a list: \['peace', 'war'\]"):
        make_lexicon("given", {"peace": "peace, war"})
