"""A classroom's start: the page of what does not start, what doctor finds of it, and the image for a hub."""

import json
import re
import urllib.request
from pathlib import Path

import pytest

from crossread import doctor
from crossread.seminar import timing

PROJECT = Path(__file__).resolve().parents[1]
SEMINAR = PROJECT / "notebooks" / "seminar"


def test_the_page_names_ten_causes_and_doctor_looks_for_those_it_can():
    page = (SEMINAR / "it-does-not-start.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"\| (\d+)\. ", page)] == list(range(1, 11))
    named = set(re.findall(r"doctor: \*(\w+)\*", page))
    looked_for = {check.split()[0] for check in doctor.examine()["check"]}
    assert named == {"disk", "folder", "kernel", "packages", "network", "place", "notebooks"} <= looked_for


def test_links_between_the_pages_lead_somewhere():
    for page in SEMINAR.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert target.startswith("https://mybinder.org") or (SEMINAR / target).is_file(), (page.name, target)
        for anchor in re.findall(r"\]\(#([^)]+)\)", text):
            headings = [
                line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")
            ]
            assert anchor in headings


def test_the_guide_has_every_part_for_every_session():
    guide = (SEMINAR / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## Session (\d)", guide, flags=re.MULTILINE)[1:]
    sessions = dict(zip(parts[::2], (part.split("\n## ")[0] for part in parts[1::2]), strict=True))
    assert list(sessions) == ["1", "2", "3", "4"]
    for number, text in sessions.items():
        for part in ("Aim.", "Questions that divide a room.", "What students get wrong.", "Read first.", "Materials.",
                     "Without Python."):  # fmt: skip
            assert f"**{part}**" in text, (number, part)


def stated_minutes(number):
    """The minutes of each step of a session, as the guide gives them."""
    guide = (SEMINAR / "README.md").read_text(encoding="utf-8")
    part = guide.split(f"## Session {number}:")[1].split("\n## ")[0]
    return {step: int(n) for n, step in re.findall(r"^\| (\d+) \| ([^|]+?) \|", part, re.MULTILINE)}


@pytest.mark.parametrize("path", sorted(SEMINAR.glob("*.solution.ipynb")), ids=lambda path: path.name[0])
def test_the_minutes_of_the_guide_are_those_that_the_notebook_needs(path):
    plan = timing.plan_session(path).set_index("step")["minutes"].drop("Afterwards")
    stated = stated_minutes(path.name[0])
    assert list(stated) == list(plan.index) and sum(stated.values()) == 90
    far = {step: (stated[step], plan[step]) for step in stated if abs(stated[step] - plan[step]) > 1.5}
    assert not far, "stated and needed"
    assert 86 <= plan.sum() + timing.RUNNING <= 90


@pytest.mark.parametrize("path", sorted(SEMINAR.parent.glob("0*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_of_the_study_states_what_reading_it_takes(path):
    opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    stated = int(re.search(r"(\d+) minutes to read", opening).group(1))
    assert abs(stated - timing.plan_session(path)["minutes"].sum()) <= 5


def test_minutes_are_counted_by_hand(tmp_path):
    """360 words, a cell that shows a table and one that does not, an exercise of seven minutes; no answer counts."""

    def cell(kind, source, *tags):
        return {"cell_type": kind, "id": "x", "metadata": {"tags": list(tags)}, "source": source.splitlines(True)}

    cells = [
        cell("markdown", "# Who pays?\n" + "word " * 178),
        cell(
            "markdown",
            "## Step 1: count\n" + "word " * 169 + "\n**Exercise 1 (in pairs, 7 minutes).** See [that](a.md).",
        ),
        cell("code", "a = 1\nb = 2\nHTML(a)"),
        cell("code", "c = 3"),
        cell("code", "answer = 42", "solution"),
        cell("code", "check_it(answer)"),
        cell("code", "HTML(secret)", "attached"),
    ]
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    plan = timing.plan_session(path)
    assert plan[["step", "words", "cells", "shown", "declared"]].values.tolist() == [
        ["Opening", 180, 0, 0, 0],
        ["Step 1", 180, 2, 1, 7],
    ]
    assert plan["minutes"].tolist() == [1.0, 1.0 + 2 * 0.5 + 1 + 7]


@pytest.mark.parametrize(
    ("folder", "state", "found"),
    [
        ("/home/a/crossread", "ok", "/home/a/crossread"),
        ("/home/a/crossread.zip/crossread", "problem", "inside an archive"),
        ("/home/a/OneDrive - University/crossread", "note", "OneDrive - University moves files"),
    ],
)
def test_doctor_looks_at_where_the_project_lies(folder, state, found):
    row = doctor._place(Path(folder))
    assert row[:2] == ("place", state) and found in row[2]


def test_doctor_names_a_damaged_notebook(tmp_path):
    (tmp_path / "good.ipynb").write_text('{"cells": []}')
    assert doctor._notebooks(tmp_path)[1:3] == ("ok", "1 notebooks can be read")
    (tmp_path / "merged.ipynb").write_text("<<<<<<< HEAD\n{}")
    (tmp_path / "other.ipynb").write_text("[]")
    row = doctor._notebooks(tmp_path)
    assert row[1] == "problem" and row[2].endswith("merged.ipynb, other.ipynb")


def test_doctor_tries_to_listen(monkeypatch):
    import socket

    monkeypatch.setattr(urllib.request, "getproxies", dict)
    assert doctor._network()[1] == "ok"
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"http": "http://proxy:3128"})
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda host: False)
    assert doctor._network()[1] == "note"

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    assert doctor._network()[1:3] == ("problem", "no program can listen on this computer (Permission denied)")


def test_the_image_copies_what_there_is_and_installs_the_lock():
    recipe = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (.+)$", recipe, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (PROJECT / name).exists(), name
    assert "--require-hashes" in recipe and "-r requirements.lock" in recipe
    python = re.search(r"^FROM python:(3\.\d+)", recipe, re.MULTILINE).group(1)
    assert f"python={python}" in (PROJECT / "environment.yml").read_text(encoding="utf-8")
    assert "corpus/alliances/texts" in (PROJECT / ".dockerignore").read_text(encoding="utf-8")
