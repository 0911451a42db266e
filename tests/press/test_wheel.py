"""The package as anybody installs it: built, unpacked into an empty folder, and used from there."""

import os
import subprocess
import sys
import zipfile

import pytest

SCRIPT = """
import crossread as cr
print(cr.__file__)
print(len(cr.study("practice").documents))
mine = cr.study("mine", lexicon={"cost": ["pay*"]})
mine.rates().save("fig-01-rates")
print(mine.rates()["count"].tolist(), len(cr.study().discriminant()))
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
    assert "crossread/corpora/alliances/counts.csv" in names
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

    def run(*arguments):
        done = subprocess.run([sys.executable, *arguments], cwd=home, env=where, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Make one: crossread new" in run("-m", "crossread_press", "doctor")
    assert 'cr.study("mine")' in run("-m", "crossread_press", "new", "mine", "letters")
    place, practice, counted = run("-c", SCRIPT).splitlines()
    assert place.startswith(str(packages)) and practice == "7" and counted == "[1, 0] 3"
    assert (home / "corpus" / "mine" / "documents.csv").is_file()
    assert sorted(path.suffix for path in (home / "figures" / "mine").glob("fig-01-rates.*")) == [".png", ".svg"]
    assert "problem" not in run("-m", "crossread_press", "doctor")
