"""The files around the code: one lock for every machine, three lists of packages that agree, nothing private."""

import csv
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import crossread

CONDA_NAMES = {"matplotlib": "matplotlib-base"}


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pins(lock):
    """Name, version, marker and number of hashes of every entry."""
    entries = []
    for entry in lock.replace("\\\n", " ").splitlines():
        requirement, *hashes = entry.split("--hash=")
        if requirement.strip() and not requirement.startswith("#"):
            entries.append((Requirement(requirement.strip()), len(hashes)))
    return entries


@pytest.fixture(scope="module")
def conda(root):
    return yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tracked(root):
    if not shutil.which("git") or not (root / ".git").exists():
        pytest.skip("needs the git repository")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [root / name for name in names.stdout.split("\0") if name and (root / name).is_file()]


def required(project, *extras):
    groups = [project["project"]["dependencies"]]
    groups += [project["project"]["optional-dependencies"][extra] for extra in extras]
    return [Requirement(line) for group in groups for line in group]


def test_the_lock_holds_no_address_and_no_option_but_hashes(lock):
    assert "://" not in lock and " @ " not in lock
    options = set(re.findall(r"--[a-z-]+", lock))
    assert options == {"--hash"}


def test_every_package_is_pinned_once_with_hashes(pins):
    for requirement, hashes in pins:
        assert re.fullmatch(r"==[^*]+", str(requirement.specifier)), requirement
        assert hashes >= 1, requirement
    names = [requirement.name for requirement, _ in pins]
    assert len(names) == len(set(names)), "two versions of one package would let figures depend on the Python"


def test_no_pin_that_matters_depends_on_the_version_of_python(pins):
    depending = {requirement.name for requirement, _ in pins if "python_" in str(requirement.marker or "")}
    assert depending <= {"overrides"}  # a helper of Jupyter's server; no figure passes through it


def test_pyproject_and_lock_agree(project, pins):
    pinned = {canonicalize_name(requirement.name): requirement.specifier for requirement, _ in pins}
    for requirement in required(project, "test", "fast"):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{name} is in pyproject.toml and not in the lock"
        version = str(pinned[name]).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement} does not allow the locked {version}"


def test_pyproject_and_environment_yml_agree(project, conda):
    listed = {}
    for line in conda["dependencies"]:
        if isinstance(line, str) and line not in ("pip", "python=3.12"):
            name, bound = re.fullmatch(r"([a-z0-9-]+)(.*)", line).groups()
            listed[name] = bound
    wanted = {}
    for requirement in required(project):
        name = canonicalize_name(requirement.name)
        bound = ",".join(sorted((str(part) for part in requirement.specifier), reverse=True))
        wanted[CONDA_NAMES.get(name, name)] = bound
    assert listed == wanted


def test_environment_yml_is_read_by_binder_and_installs_the_library(conda):
    assert conda["channels"] == ["conda-forge", "nodefaults"]
    assert "python=3.12" in conda["dependencies"], "Binder understands one or two = and no range"
    assert {"pip": ["-e ."]} in conda["dependencies"] and "pip" in conda["dependencies"]


def test_no_folder_takes_binders_configuration_over(root):
    assert not (root / "binder").exists() and not (root / ".binder").exists()


def test_versions_and_licences_agree(root, project):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project["project"]["version"] == crossread.__version__
    assert citation["license"] == project["project"]["license"] == "MIT"
    assert (root / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "CC BY 4.0" in (root / "LICENSE").read_text(encoding="utf-8")


def test_run_py_and_pyproject_agree_on_python(root, project):
    assert "OLDEST = (3, 11)" in (root / "run.py").read_text(encoding="utf-8")
    assert project["project"]["requires-python"] == ">=3.11"


def test_the_library_is_not_ignored_by_git(root, tracked):
    assert any(path.is_relative_to(root / "lib") for path in tracked)
    ignored = subprocess.run(["git", "check-ignore", "-q", "lib/crossread/new_room.py"], cwd=root).returncode
    assert ignored == 1, "a stock .gitignore has a line lib/"


def test_the_five_texts_are_ignored_by_git(root, tracked):
    assert not any("alliances/texts" in path.as_posix() for path in tracked)
    ignored = ["git", "check-ignore", "-q", "corpus/alliances/texts/lee_2023.txt"]
    assert subprocess.run(ignored, cwd=root).returncode == 0


def test_no_file_names_a_folder_of_one_machine(tracked):
    private = re.compile(
        "|".join(
            ("/ro" + "ot/", "/ho" + "me/[a-z]{2,}", "/Us" + "ers/[A-Za-z]{2,}", "/wo" + "rk/[a-z]", "/tm" + "p/dev")
        )
    )
    found = []
    for path in tracked:
        if path.suffix in (".py", ".md", ".ipynb", ".yml", ".toml", ".csv", ".lock", ".txt", ".cff", ".svg", ""):
            match = private.search(path.read_text(encoding="utf-8", errors="replace"))
            if match:
                found.append(f"{path}: {match.group()}")
    assert found == []


def test_the_continuous_checks_run_what_must_be_green(root):
    text = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    for needed in (
        "run.py test",
        "run.py figures",
        "run.py check",
        'ruff" check',
        'ruff" format --check',
        "git ls-files lib",
    ):
        assert needed in text, needed


def test_the_readme_shows_a_published_figure_with_its_finding(root):
    shown = re.search(r"!\[(?P<alt>[^\]]+)\]\(figures/(?P<name>[^)]+)\.png\)", (root / "README.md").read_text("utf-8"))
    with open(root / "figures" / "figures.csv", encoding="utf-8", newline="") as manifest:
        alts = {row["figure"]: row["alt"] for row in csv.DictReader(manifest)}
    assert alts[shown["name"]].startswith(shown["alt"])  # the first sentences: the whole is long


def test_every_command_that_a_page_or_a_message_names_exists(root, tracked):
    from crossread_press.commands import all_commands

    known = {*all_commands(), "test", "lab", "setup", "help"}
    for path in tracked:
        if path.suffix in (".md", ".ipynb", ".js", ".j2") or path.parts[len(root.parts)] == "lib":
            named = set(re.findall(r"run\.py ([a-z]+)\b", path.read_text(encoding="utf-8")))
            assert named <= known, f"{path.name}: {sorted(named - known)}"


def test_what_is_left_out_of_the_collection_is_there(root):
    named = re.findall(r'"(lib/[^"]+\.py)"', (root / "conftest.py").read_text(encoding="utf-8"))
    assert named and [name for name in named if not (root / name).is_file()] == []
