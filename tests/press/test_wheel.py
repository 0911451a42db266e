"""The package as anybody installs it: built, installed beside an empty folder, and used from there."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

SCRIPT = """
import contextlib, io, json
import crossread as cr
from crossread_press.commands import main

def run(*command):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = main(list(command))
    return [code, said.getvalue()]

found = {"place": cr.__file__, "practice": len(cr.study("practice").documents), "before": run("doctor")}
found["new"] = run("new", "mine", "letters")
mine = cr.study("mine", lexicon={"cost": ["pay*", "paid"]})
mine.rates().save(1)
found |= {"counted": mine.rates()["count"].tolist(), "neighbours": len(cr.study().discriminant())}
found["after"] = run("doctor")
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(folder), str(root)]
    built = subprocess.run(build, capture_output=True, text=True)
    if built.returncode and ("hatchling" in built.stderr or "No module named pip" in built.stderr):
        pytest.skip("needs pip, and hatchling from a package index, to build the wheel")
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_corpora_and_no_attached_text(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "crossread/corpora/practice/texts/marsh_2031.txt" in names and "crossread/corpora/themes.yml" in names
    assert {"crossread/corpora/alliances/counts.csv", "crossread/topics/planted.csv"} <= set(names)
    assert [name for name in names if name.startswith("crossread/corpora/alliances/texts")] == []


def test_installed_in_an_empty_folder_it_reads_makes_and_draws_corpora(wheel, tmp_path):
    packages, home = tmp_path / "packages", tmp_path / "home"
    (home / "letters").mkdir(parents=True)
    (home / "letters" / "a.txt").write_text("Allies pay. Others paid before them.", encoding="utf-8")
    (home / "letters" / "b.txt").write_text("Rain fell all day on the old harbour.", encoding="utf-8")
    install = ["-m", "pip", "install", "-q", "--no-deps", "--target", str(packages), str(wheel)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    where = {name: value for name, value in os.environ.items() if not name.startswith("CROSSREAD_")}
    where |= {"PYTHONPATH": str(packages), "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=home, env=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["place"].startswith(str(packages)) and found["practice"] == 7
    assert found["before"][0] == 0 and "Make one: crossread new" in found["before"][1]
    assert found["new"][0] == 0 and 'cr.study("mine")' in found["new"][1]
    assert found["counted"] == [2, 0] and found["neighbours"] > 0
    assert found["after"][0] == 0 and "corpus mine" in found["after"][1]
    assert (home / "corpus" / "mine" / "documents.csv").is_file()
    assert sorted(path.suffix for path in (home / "figures" / "mine").glob("fig-01-rates.*")) == [".png", ".svg"]
