"""Tables, metadata and texts at hand: one way from each of them to documents, and a sentence for what is wrong."""

import json
import zipfile

import pandas as pd
import pytest

import crossread as cr
from crossread.corpus import load
from crossread.corpus.create import create
from crossread.corpus.gather import gather
from crossread.corpus.reading.sheets import read_table
from crossread.errors import CrossreadError

WORDS = "The allies agreed in spring that each would pay a part of what the watch on the northern sea costs."
OTHER = "Nobody on the islands was asked whether the noise of the new runway should be counted as a payment."
ROWS = pd.DataFrame(
    {"doc_id": ["b", "a"], "text": [WORDS, OTHER], "party": ["NA", "Red"], "year": [2011, 1999], "n_tokens": [7, 8]}
)


def write(table: pd.DataFrame, path) -> None:
    if path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    elif path.suffix == ".json":
        path.write_text(table.to_json(orient="records"), encoding="utf-8")
    elif path.suffix == ".jsonl":
        path.write_text(table.to_json(orient="records", lines=True), encoding="utf-8")
    else:
        table.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ";")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".json", ".jsonl"])
def test_a_table_in_any_file_gives_the_same_documents_in_memory_and_in_a_corpus(tmp_path, ending):
    path = tmp_path / f"talks{ending}"
    write(ROWS, path)
    at_hand = cr.study(path).documents
    create("mine", path, into=tmp_path)
    kept = load(tmp_path / "mine").documents
    for documents in (at_hand, kept, cr.study(ROWS).documents):
        assert list(documents.index) == ["a", "b"], "in the order of time"
        assert documents["party"].tolist() == ["Red", "NA"]
        assert documents["year"].tolist() == [1999, 2011] and set(documents["year_basis"]) == {"stated"}
        assert documents["n_tokens"].tolist() == [19, 20] and documents["given_n_tokens"].tolist() == [8, 7]
        assert documents["label"].tolist() == ["a", "b"]


def test_what_is_no_text_in_a_table_is_told_by_its_row(tmp_path):
    table = pd.DataFrame({"text": [WORDS, None, "  ", 12, OTHER, WORDS]})
    gathered = gather(table)
    assert gathered.remarks["row_6"] == ["the same text as row 1; both are counted"]
    assert gathered.unread == [
        ("row 2", "there is no text in it"),
        ("row 3", "there is no text in it"),
        ("row 4", "12 is no text but a number"),
    ]
    table.to_csv(tmp_path / "talks.csv", index=False)
    assert [place for place, _ in gather(tmp_path / "talks.csv").unread] == ["row 4"], "row 3 is blank"
    assert cr.study(table).corpus.notices[0] == "row 2: not read: there is no text in it"
    assert "to look at: row 2: not read: there is no text in it (and 3 more: study.corpus.notices)" in repr(
        cr.study(table)
    )


def test_the_column_of_texts_is_named_guessed_and_said_or_asked_for():
    table = pd.DataFrame({"who": ["x", "y"], "Rede": [WORDS, OTHER], "rang": [1, 2]})
    gathered = gather(table)
    assert list(gathered.texts) == ["row_1", "row_2"]
    assert gathered.said[0].startswith("The texts were taken from the column “Rede”, whose cells are the longest.")
    assert gather(table.rename(columns={"Rede": "Text"})).said == []
    assert gather(table, text="who").texts["row_1"].text == "x"
    with pytest.raises(CrossreadError, match="^No column “body” in this table. It has: who, Rede, rang.$"):
        gather(table, text="body")
    told = "^This table has no column of text \\(columns: who, rang\\).* this table as metadata=… or --metadata TABLE"
    with pytest.raises(CrossreadError, match=told):
        gather(table.drop(columns="Rede"))


def test_ids_that_are_there_twice_or_are_no_ids_are_mended_and_told():
    gathered = gather(pd.DataFrame({"doc_id": ["Berg/1", "Berg/1", ""], "text": [WORDS, OTHER, WORDS + OTHER]}))
    assert list(gathered.texts) == ["berg_1", "berg_1_2", "row_3"]
    assert gathered.remarks["berg_1_2"] == ["“berg_1” is the id of row 1: this text is berg_1_2"]
    assert gathered.columns["label"].tolist() == ["Berg/1", "Berg/1", "row_3"]


@pytest.mark.parametrize("name", ["speech_id", "Speech ID", "SpeechID"])
def test_a_column_that_ends_in_id_names_the_rows_where_it_differs_by_row(name):
    table = ROWS[["text"]].assign(**{"speaker_id": ["x", "x"], name: ["S-7", "S-8"], "covid": ["p", "q"]})
    assert list(gather(table).texts) == ["s_7", "s_8"]
    assert list(gather(table.drop(columns=name)).texts) == ["row_1", "row_2"]


def test_the_year_may_be_called_otherwise_and_a_second_date_is_kept():
    found = gather(ROWS[["text"]].assign(Datum=["2. Mai 2011", "1999"], Jahr=[3, 4]))
    assert found.columns["year"].tolist() == [2011, 1999] and found.columns["Jahr"].tolist() == [3, 4]
    assert "The year is that of the column “Datum”." in found.said


def test_long_titles_that_begin_alike_are_labels_that_differ():
    titles = [f"Remarks by the Minister of Foreign Affairs at the {n}th meeting of the council" for n in (5, 6)]
    labels = cr.study(ROWS.assign(title=titles)).documents["label"]
    assert set(labels) == {"… 5th meeting of the council", "… 6th meeting of the council"}
    assert set(cr.study(ROWS.assign(title=titles[0])).documents["label"]) == {titles[0]}


def test_lists_in_cells_are_written_out_and_two_columns_of_one_name_are_refused():
    table = ROWS[["text"]].assign(tags=[["sea", "pay"], []], year=["1999", "n.d."])
    columns = gather(table).columns
    assert columns["tags"].tolist() == ["sea; pay", ""] and columns["year"].fillna(0).tolist() == [1999, 0]
    with pytest.raises(CrossreadError, match="this table: two columns are called “text”. Rename one."):
        gather(table.set_axis(["text", "text", "year"], axis="columns"))


def test_texts_at_hand_are_taken_from_mappings_series_and_lists():
    assert list(cr.study({"Lee 2023": WORDS, "b": OTHER}).documents["label"]) == ["Lee 2023", "b"]
    assert list(cr.study(pd.Series({"x": WORDS})).documents.index) == ["x"]
    assert list(cr.study([WORDS, OTHER]).documents.index) == ["text_1", "text_2"]
    records = cr.study([{"text": WORDS, "party": "Red"}, {"text": OTHER, "party": "Blue"}])
    assert records.documents["party"].tolist() == ["Red", "Blue"]
    with pytest.raises(CrossreadError, match="^This is a text, and no name of a corpus"):
        cr.study(WORDS * 60)
    with pytest.raises(CrossreadError, match="^A int holds no texts that could be read"):
        cr.study(5)


def test_frames_are_read_with_the_names_of_their_rows_and_whatever_their_columns_are():
    assert list(cr.study(pd.DataFrame({"text": [WORDS, OTHER]}, index=["x", "y"])).documents.index) == ["x", "y"]
    columns = pd.MultiIndex.from_tuples([("of", "text"), ("of", "party")])
    assert cr.study(pd.DataFrame([[WORDS, "Red"]], columns=columns)).documents["of party"].tolist() == ["Red"]
    kinds = pd.DataFrame({"text": pd.Categorical([WORDS, OTHER])})
    assert len(cr.study(kinds).documents) == 2
    with pytest.raises(CrossreadError, match="^This table has no rows"):
        cr.study(kinds.head(0))


def test_a_folder_and_a_file_are_opened_as_they_are(tmp_path):
    (tmp_path / "b 2001.txt").write_text(WORDS, encoding="utf-8")
    (tmp_path / "a 2011.md").write_text(OTHER, encoding="utf-8")
    (tmp_path / "scan.pdf").write_bytes(b"no pdf")
    (tmp_path / "old.doc").write_bytes(b"words")
    study = cr.study(tmp_path)
    assert study.corpus.notices[1].startswith("old.doc: passed over: files ending in “.doc” are not read.")
    assert study.documents["year"].tolist() == [2001, 2011]
    assert study.corpus.notices[0].startswith("scan.pdf: not read: called .pdf but is not a PDF")
    assert list(cr.study(tmp_path / "a 2011.md").documents.index) == ["a_2011"]


def test_dates_give_years_and_columns_of_zotero_their_names():
    table = pd.DataFrame(
        {"Key": ["Q1", "Q2"], "Publication Year": [2003, 2004], "Author": ["Lee", "Ek"],
         "Item Type": ["report", "book"], "Title": ["One", "Two"], "Abstract Note": [WORDS, OTHER]}
    )  # fmt: skip
    documents = cr.study(table.rename(columns={"Title": "title"})).documents
    assert documents.loc["Q1", ["year", "authors", "genre", "label"]].tolist() == [2003, "Lee", "report", "One"]
    dated = pd.DataFrame({"text": [WORDS, OTHER], "date": pd.to_datetime(["2011-05-01", "2002-01-31"])})
    assert cr.study(dated).documents["year"].tolist() == [2002, 2011]


ZOTERO = (
    "Key,Item Type,Publication Year,Author,Title,Publication Title,Abstract Note,Date,Date Added,Url,Rights,Notes,"
    "File Attachments,Manual Tags"
).split(",")


def zotero(path, attachments):
    rows = [
        ("AB12CD34", "report", 2003, "Lee, Ann; Ek, Bo", "One", "", WORDS, "2003-05", "2026-01-02 10:00:00",
         "https://example.org/1", "", "", attachments[0], "sea"),
        ("EF56GH78", "bookSection", 2011, "Mar, Cy", "Two", "Whole", OTHER, "2011", "2026-01-02 10:00:00",
         "https://example.org/2", "", "", attachments[1], ""),
    ]  # fmt: skip
    pd.DataFrame(rows, columns=ZOTERO).to_csv(path, index=False, quoting=1, encoding="utf-8-sig")
    return path


def test_an_export_of_zotero_gives_its_files_or_else_its_abstracts(tmp_path):
    for place, text in (("AB12CD34", WORDS * 3), ("EF56GH78", OTHER * 3)):
        (tmp_path / "storage" / place).mkdir(parents=True)
        (tmp_path / "storage" / place / "Full Text.txt").write_text(text, encoding="utf-8")
    storage = tmp_path / "storage"
    named = [f"{storage}/AB12CD34/cover.jpg; {storage}/AB12CD34/Full Text.txt", f"{storage}/EF56GH78/Full Text.txt"]
    export = zotero(tmp_path / "My Library.csv", named)
    report = create("mine", export, into=tmp_path)
    documents = load(tmp_path / "mine").documents
    assert report.attrs["said"][0] == "The texts are the files that “File Attachments” names."
    assert documents["year"].tolist() == [2003, 2011] and documents["authors"].tolist() == [
        "Lee, Ann; Ek, Bo",
        "Mar, Cy",
    ]
    assert documents["genre"].tolist() == ["report", "bookSection"] and documents["Manual Tags"].iloc[0] == "sea"
    assert documents["n_tokens"].tolist() == [60, 57], "of the files, not of the abstracts"
    abstracts = cr.study(export, text="Abstract Note").documents
    assert abstracts["n_tokens"].tolist() == [20, 19] and list(abstracts.index) == ["AB12CD34", "EF56GH78"]
    gone = cr.study(zotero(tmp_path / "gone.csv", ["C:\\Zotero\\storage\\AB12CD34\\gone.pdf", ""]))
    assert gone.documents["n_tokens"].tolist() == [20, 19], "the abstracts, where no file is here"
    # the same export as metadata of a folder with the files
    folder = cr.study(storage, metadata=export).documents
    assert folder["title"].tolist() == ["One", "Two"]


def test_an_export_of_quanteda_keeps_its_names_and_variables(tmp_path):
    (tmp_path / "corpus.csv").write_text(
        f'"","doc_id","text","Year","Party"\n"1","1981-Reagan","{WORDS}",1981,"Rep"\n"2","text2","{OTHER}",1993,"Dem"\n',
        encoding="utf-8",
    )  # write.csv(convert(corpus, to = "data.frame"), "corpus.csv")
    report = create("mine", tmp_path / "corpus.csv", into=tmp_path)
    documents = load(tmp_path / "mine").documents
    assert (report["state"] == "fine").all() and documents["label"].tolist() == ["1981-Reagan", "text2"]
    assert list(documents.index) == ["1981_reagan", "text2"] and documents["Party"].tolist() == ["Rep", "Dem"]
    assert documents["year"].tolist() == [1981, 1993], "the docvar Year is the year, whatever its capitals"
    assert cr.study(tmp_path / "mine").groups("Party").names == ("Rep", "Dem")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "given"
    place.mkdir()
    for name, text in (("Lee.txt", WORDS), ("deep-2001.txt", OTHER), ("lone.txt", "Ships sail. " * 9)):
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_metadata_are_joined_on_the_name_of_the_file_whatever_the_column(folder, tmp_path):
    table = pd.DataFrame(
        {
            "Party": ["Red", "Blue", "none"],
            "Datei": ["C:\\texts\\lee.TXT", "deep-2001", "gone.txt"],
            "year": [1990, 1991, 3],
        }
    )
    table.to_csv(tmp_path / "meta.csv", index=False)
    report = create("mine", folder, metadata=tmp_path / "meta.csv", into=tmp_path)
    documents = load(tmp_path / "mine").documents
    assert documents["Party"].fillna("").to_dict() == {"lee": "Red", "deep_2001": "Blue", "lone": ""}
    assert documents["year"].tolist()[:2] == [1990, 1991], "what is given goes before the name of the file"
    assert report.set_index("file").loc["lone.txt", "remark"] == "meta.csv says nothing of it"
    assert report.attrs["said"] == ("meta.csv: 1 row names no text here (gone.txt: is it lone.txt?).",)


def test_the_rows_of_metadata_may_have_the_names_of_files(folder):
    table = pd.DataFrame({"party": ["Red", "Blue"]}, index=["lee.txt", None])
    study = cr.study(folder, metadata=table)
    assert study.documents["party"].fillna("").to_dict() == {"lee": "Red", "deep_2001": "", "lone": ""}
    assert "the metadata: 1 row names no text here (a blank)." in study.corpus.notices


def test_metadata_with_names_that_are_nearly_right_are_joined_or_asked_about(folder, tmp_path):
    (folder / "Über 2011 (final).txt").write_text("Ships sail home in the evening of the day.", encoding="utf-8")
    (folder / "page.txt").write_text("The harbour counts what they bring.", encoding="utf-8")
    path = tmp_path / "meta.csv"
    path.write_text("file,party\nUber_2011 final.txt,Red\npgae.txt,Blue\nLee.txt,Green\n", encoding="utf-8")
    found = gather(folder, metadata=path)
    assert found.columns["party"].dropna().to_dict() == {"uber_2011_final": "Red", "lee": "Green"}
    assert "meta.csv: “Uber_2011 final.txt” was taken for Über 2011 (final).txt." in found.said
    assert "meta.csv: 1 row names no text here (pgae.txt: is it page.txt?)." in found.said


def test_metadata_that_name_no_file_or_one_twice_are_refused(folder, tmp_path):
    path = tmp_path / "meta.csv"
    path.write_text("who,party\nx,Red\n", encoding="utf-8")
    with pytest.raises(CrossreadError, match="^No column of meta.csv names the files .*“.*txt”.*It has: who, party"):
        gather(folder, metadata=path)
    path.write_text("file,party\nLee.txt,Red\nlee,Blue\n", encoding="utf-8")
    with pytest.raises(CrossreadError, match="^meta.csv, rows 2 and 3: both name Lee.txt. Delete one.$"):
        gather(folder, metadata=path)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.csv", "text,n\n", "no row under the names of the columns"),
        ("a.csv", 'text,n\n"open,1\n', "a quotation mark that opens in row 2 is never closed.*apart by commas"),
        ("a.csv", "text,n\na,1\nb,2,3,4\n", "not a readable table: row 3 has 4 cells"),
        ("a.xlsx", "no zip", "a damaged Excel table"),
        ("a.json", "[{]", "line 1: not JSON"),
        ("a.json", f'[{{"n": {"9" * 5_000}}}]', "line 1: not JSON: a number has more than 4,300 digits"),
        ("a.json", '{"a": "x", "b": "y", "a": "z"}', "the name “a” is there twice in one record"),
        ("a.jsonl", '{"text": "a"}\n{"id": 1, "id": 2}\n', "line 2: the name “id” is there twice"),
        ("a.json", "[1, 2]", "not a list of records"),
        ("a.jsonl", '{"text": "a"}\n[3]\n', "line 2: not a record"),
        ("a.jsonl", '{"text": "a"}\n{"text": "b\n', "line 2: not JSON: .*Mend this line, or leave it out"),
        ("a.parquet", "PAR1", "“.parquet” is a table that is not read here. Save it as .csv, .xlsx or .json"),
        ("a.csv", "", "the file is empty"),
    ],
)
def test_a_damaged_table_is_refused_in_a_sentence(tmp_path, name, content, problem):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CrossreadError, match=problem):
        gather(tmp_path / name)


@pytest.mark.parametrize(
    ("part", "was", "then"),
    [("workbook.xml", b"2006/relationships", b"206/relationships"), ("sheet1.xml", b"</row>", b"<")],
)
def test_a_damaged_part_of_an_excel_table_is_the_files_problem(tmp_path, part, was, then):
    path = tmp_path / "talks.xlsx"
    write(ROWS, path)
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as damaged:
        for name, content in members.items():
            damaged.writestr(name, content.replace(was, then) if name.endswith(part) else content)
    with pytest.raises(CrossreadError, match="talks.xlsx: called .xlsx but is no whole Excel table"):
        read_table(path)


def test_json_may_be_a_mapping_of_names_to_texts_or_hold_its_records_under_one_name(tmp_path):
    path = tmp_path / "talks.json"
    path.write_text(json.dumps({"x": WORDS, "y": OTHER}), encoding="utf-8")
    assert list(gather(path).texts) == ["x", "y"]
    path.write_text(json.dumps({"n": 2, "items": [{"text": WORDS}]}), encoding="utf-8")
    assert list(gather(path).texts) == ["row_2"]


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_half_of_a_sign_in_json_is_replaced_and_told(tmp_path, ending):
    path = tmp_path / f"posts.{ending}"
    text = r"Allies pay \ud83d for it \ud83d\ude00. They talk \\ud83d."
    records = [f'{{"text": "{text}"}}', '{"text": "Rain \\uDE00\\udfff fell."}']
    path.write_text("\n".join(records) if ending == "jsonl" else f"[{', '.join(records)}]", encoding="utf-8")
    table, remarks = read_table(path)
    assert table["text"].tolist() == ["Allies pay � for it 😀. They talk \\ud83d.", "Rain �� fell."]
    assert remarks == [f"posts.{ending}: what is only half of a sign, as \\ud83d alone, became “�” (3)."]


def test_json_may_have_a_record_in_each_line_or_be_what_pandas_writes_by_default(tmp_path):
    path = tmp_path / "talks.json"
    for content in (ROWS.to_json(orient="records", lines=True), ROWS.to_json()):
        path.write_text(content, encoding="utf-8")
        assert gather(path).columns["year"].to_dict() == {"b": 2011, "a": 1999}
    path = tmp_path / "talks.jsonl"
    parted = "They talk at length.\u2028Then they pay."  # a line separator is no end of a line of JSON
    path.write_text(json.dumps({"text": parted}, ensure_ascii=False), encoding="utf-8")
    assert [text.text for text in gather(path).texts.values()] == [parted]


def test_a_title_above_the_names_of_the_columns_is_no_document(tmp_path):
    pd.DataFrame([["Table 1: talks", None], [None, None], ["text", "n"], [WORDS, 1], [OTHER, 2]]).to_excel(
        tmp_path / "a.xlsx", header=False, index=False
    )
    (tmp_path / "a.csv").write_text(f"Table 1: talks,\n,\ntext,n\n{WORDS},1\n{OTHER},2\n", encoding="utf-8")
    for name in ("a.xlsx", "a.csv"):
        found = gather(tmp_path / name)
        assert found.columns["n"].to_dict() == {"row_4": 1, "row_5": 2}
        assert f"{name}: row 3 was taken for the names of the columns, for what is above is a title." in found.said


@pytest.mark.parametrize("second", ["1", "Red"])
def test_a_column_without_a_name_makes_no_title_of_the_first(tmp_path, second):
    (tmp_path / "a.csv").write_text(f"text,\n{WORDS},{second}\n{OTHER},2\n", encoding="utf-8")
    assert [text.text for text in gather(tmp_path / "a.csv").texts.values()] == [WORDS, OTHER]


def test_a_table_without_names_of_columns_is_noticed(tmp_path):
    (tmp_path / "a.csv").write_text(f"{WORDS},1\n{OTHER},2\n", encoding="utf-8")
    assert "“The allies agreed in spring that each wo…” looks like a text" in gather(tmp_path / "a.csv").said[-1]


def test_row_names_that_r_and_pandas_write_are_ids_or_are_left_out(tmp_path):
    path = tmp_path / "a.csv"
    ROWS[["text", "party"]].to_csv(path)
    assert gather(path).columns.columns.tolist() == ["party", "label"]
    ROWS[["text", "party"]].set_axis(["lee.txt", "ito.txt"]).to_csv(path)
    assert list(gather(path).texts) == ["lee", "ito"]


def test_whole_numbers_stay_whole_where_some_are_missing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"id,text,year,code\n7,{WORDS},1999,3\n\n8,{OTHER},,\n", encoding="utf-8")
    create("mine", path, into=tmp_path)
    rows = pd.read_csv(tmp_path / "mine" / "documents.csv", dtype=str, keep_default_na=False)
    assert rows[["doc_id", "label", "year", "code"]].values.tolist() == [["7", "7", "1999", "3"], ["8", "8", "", ""]]


def test_rows_with_the_same_text_are_a_corpus_that_opens(tmp_path):
    create("mine", pd.DataFrame({"doc_id": ["a", "b"], "text": [WORDS, WORDS]}), into=tmp_path)
    corpus = load(tmp_path / "mine")
    assert corpus.documents["n_tokens"].nunique() == 1
    assert "b: the same text as a; both are counted." in corpus.notices


def test_the_sheets_that_were_not_read_are_named(tmp_path):
    with pd.ExcelWriter(tmp_path / "talks.xlsx") as book:
        ROWS.to_excel(book, sheet_name="talks", index=False)
        ROWS.to_excel(book, sheet_name="more", index=False)
    assert "talks.xlsx: only the sheet “talks” was read, not more." in gather(tmp_path / "talks.xlsx").said
    with pd.ExcelWriter(tmp_path / "talks.xlsx") as book:
        pd.DataFrame({"note": ["see there"]}).to_excel(book, sheet_name="readme", index=False)
        ROWS.to_excel(book, sheet_name="talks", index=False)
    with pytest.raises(CrossreadError, match="no column of text(?s:.*)only the sheet “readme” was read, not talks"):
        gather(tmp_path / "talks.xlsx")


CSV_FILES = [
    (
        "sep=;\nid;text;n\na;Allies pay, they do;3,5\nb;x;1.234,5\n",
        {"text": ["Allies pay, they do", "x"], "n": [3.5, 1234.5]},
    ),
    ("id;year\na;2,011\nb;2,012\n", {"year": ["2,011", "2,012"]}),
    ("id\tcode\na\t007\nb\t8\n", {"code": ["007", "8"]}),
    ("id;text;\n1;x;\n2;y;\n", {"id": [1, 2], "text": ["x", "y"]}),
    ("id;text\n1;x;\n2;y;\n", {"id": [1, 2], "text": ["x", "y"]}),
    ("\ufeffid,text\n1,NA\n2,\n3,None\n", {"text": ["NA", None, "None"]}),
    ('id,text\r\na,"x\r\n\r\ny"\r\n\r\nb,z\r\n', {"text": ["x\r\n\r\ny", "z"]}),
]


@pytest.mark.parametrize(("content", "expected"), CSV_FILES)
def test_tables_as_spreadsheets_write_them(tmp_path, content, expected):
    (tmp_path / "a.csv").write_bytes(content.encode())
    table, remarks = read_table(tmp_path / "a.csv")
    found = {name: [None if pd.isna(cell) else cell for cell in table[name]] for name in expected}
    assert found == expected and remarks == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id,text\n1,2,3\n4,5,6\n", "row 2 has 3 cells, and there are 2 names. It was read as columns apart by commas"),
        (
            "id;text\n1;2\n4;5;6\n",
            "row 3 has 3 cells, and there are 2 names. It was read as columns apart by semicolons",
        ),
        ('id;text\n"1;2\n', "opens in row 2 is never closed.* semicolons"),
    ],
)
def test_a_table_with_ragged_rows_is_refused_with_its_separator(tmp_path, content, problem):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(CrossreadError, match=problem):
        read_table(tmp_path / "a.csv")


def test_excel_cells_keep_their_kind_and_an_empty_sheet_is_passed_over(tmp_path):
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame().to_excel(book, sheet_name="notes")
        pd.DataFrame({"code": ["007", "8"], "day": [pd.Timestamp("2011-05-02")] * 2}).to_excel(book, sheet_name="data")
    table, remarks = read_table(tmp_path / "a.xlsx")
    assert table["code"].tolist() == ["007", "8"] and table["day"].dt.year.tolist() == [2011, 2011]
    assert remarks == ["a.xlsx: only the sheet “data” was read, not notes."]


def test_what_stands_within_records_becomes_columns(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"data": [{"text": "x", "who": {"party": "A"}}, {"text": "y"}], "n": 1}', encoding="utf-8")
    assert read_table(path)[0]["who.party"].tolist()[0] == "A"
    path.write_text('{"a": {"text": "x"}, "b": {"text": "y"}}', encoding="utf-8")
    assert read_table(path)[0].to_dict("list") == {"doc_id": ["a", "b"], "text": ["x", "y"]}


def test_lists_in_the_cells_of_records_are_no_reason_to_stop(tmp_path):
    rows = [{"doc_id": [1, "a"], "text": WORDS}, {"doc_id": "b", "text": [1, 2]}, {"doc_id": {}, "text": OTHER}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    gathered = gather(tmp_path / "a.jsonl")
    assert list(gathered.texts) == ["1_a", "row_4"] and "is no text but of the type list" in gathered.unread[0][1]


def test_a_column_that_names_the_rows_is_no_column_twice_and_another_is_kept():
    rows = pd.DataFrame({"doc_id": ["a", "b"], "text": ["They pay for it.", "They meet."], "file": ["x.txt", "y.txt"]})
    opened = cr.study(rows)
    assert "given_doc_id" not in opened.documents and opened.documents["given_file"].tolist() == ["x.txt", "y.txt"]
    assert opened.corpus.notices == (
        "The column “file” is called “given_file”, for crossread has a “file” of its own.",
    )
    spaced = cr.study(rows.assign(doc_id=["a", "b b"]).drop(columns="file")).documents
    assert list(spaced.index) == ["a", "b_b"] and spaced["given_doc_id"].tolist() == ["a", "b b"]
