"""The commands: what they print, what they return, and that no error comes as a traceback."""

import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from crossread.charts import figures
from crossread.errors import CrossreadError
from crossread_press import doctor, notebooks
from crossread_press.commands import all_commands, main


def test_help_and_an_unknown_command_list_what_there_is(capsys):
    assert main([]) == main(["help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name}" in said for name in all_commands())
    assert main(["nonsense"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("There is no command “nonsense”.") and all(f"  {name}" in said for name in all_commands())


@pytest.mark.parametrize("command", all_commands())
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert all_commands()[command].__doc__.split()[0] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CrossreadError("The folder is empty. Put texts in."), "The folder is empty. Put texts in.\n"),
        (PermissionError(13, "Permission denied", "figures/a.svg"), "figures/a.svg: Permission denied.\n"),
        (OSError(28, "No space left on device", "figures/a.svg"), "figures/a.svg: No space left on device.\n"),
    ],
)
def test_errors_are_one_message_and_exit_code_2(monkeypatch, capsys, error, said):
    def fail():
        raise error

    monkeypatch.setattr(doctor, "examine", fail)
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == said


def test_as_a_program_it_returns_the_exit_code(library, tmp_path):
    command = [sys.executable, "-m", "crossread_press", "attach", str(tmp_path / "nowhere")]
    done = subprocess.run(command, env=library, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 2 and "nowhere" in done.stderr and "Traceback" not in done.stderr


def test_figures_prints_the_summary_and_fails_with_a_notebook(monkeypatch, capsys):
    summary = pd.DataFrame([("01-a", 2, 1.5, "unchanged")], columns=list(notebooks.SUMMARY))
    failures = []
    monkeypatch.setattr(notebooks, "make_figures", lambda names, again, progress: (summary, failures))
    assert main(["figures"]) == 0
    assert capsys.readouterr().out.split() == [
        "notebook",
        "figures",
        "seconds",
        "result",
        "01-a",
        "2",
        "1.5",
        "unchanged",
    ]
    failures.append("02-b.ipynb stopped in the cell “x”: KeyError: 'y'")
    assert main(["figures"]) == 1
    assert failures[0] in capsys.readouterr().err


def test_check_compares_images_only_under_the_lock(monkeypatch, capsys):
    asked = []
    nothing = pd.DataFrame(columns=list(figures.PROBLEMS))
    found = pd.DataFrame([("fig-01-a", "png: differs")], columns=list(figures.PROBLEMS))
    answers = {True: (found, []), False: (nothing, [])}
    monkeypatch.setattr(
        notebooks, "check_figures", lambda images, texts, progress: asked.append(images) or answers[images]
    )
    monkeypatch.setattr(doctor, "lock_differences", lambda: [])
    stale = []
    monkeypatch.setattr(notebooks, "stale_readings", lambda: stale)
    assert main(["check"]) == 1
    assert "fig-01-a: png: differs" in capsys.readouterr().err
    monkeypatch.setattr(doctor, "lock_differences", lambda: ["numpy 2.0 instead of 2.4.6", "x 1 instead of 2"])
    assert main(["check"]) == 0
    assert "Images were not compared" in (said := capsys.readouterr().out) and "numpy 2.0 instead of 2.4.6, …" in said
    assert asked == [True, False]
    stale.append("corpus/toy/readings.yml, “x”: no longer true: a silent cost.")
    assert main(["check"]) == 1
    assert stale[0] in capsys.readouterr().err


def test_notebooks_names_each_fault(monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "faults", lambda path: ["has outputs in the cell “a”"])
    assert main(["notebooks"]) == 1
    assert ".ipynb has outputs in the cell “a”" in capsys.readouterr().err
    monkeypatch.setattr(notebooks, "faults", lambda path: [])
    assert main(["notebooks"]) == 0


def test_doctor_reports_what_it_looked_at(capsys, monkeypatch):
    report = doctor.examine()
    monkeypatch.setattr(doctor, "examine", lambda: report)  # looked at once
    assert tuple(report.columns) == doctor.REPORT
    looked = set(report["check"])
    assert {"python", "packages", "kernel", "font", "figures", "disk", "folder notebooks", "corpus alliances"} <= looked
    assert set(report["state"]) <= {"ok", "note", "problem"}
    assert report.loc[report["state"] == "problem", "remedy"].ne("").all()
    alliances = report.set_index("check").loc["corpus alliances", "found"]
    assert "lee_2023" in alliances and ("texts attached" in alliances or "published counts" in alliances)
    main(["doctor"])
    assert "disk: " in capsys.readouterr().out


def test_doctor_says_what_to_do_about_each_problem(monkeypatch, tmp_path):
    for name in ("corpus", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "run.py").touch()
    broken = tmp_path / "corpus" / "mine"
    broken.mkdir()
    (broken / "documents.csv").write_text("doc_id\na\n")
    monkeypatch.setattr(doctor, "project_folder", lambda: tmp_path)
    monkeypatch.setattr(doctor, "load", lambda name: __import__("crossread").load(tmp_path / "corpus" / name))
    monkeypatch.setattr(doctor, "LEAST_FREE", 1e18)
    monkeypatch.setattr(doctor, "os", SimpleNamespace(access=lambda folder, mode: False, W_OK=0))
    report = doctor.examine().set_index("check")
    for check in ("packages", "corpus mine", "folder figures", "folder corpus", "disk"):
        assert report.loc[check, "state"] == "problem", check
        assert report.loc[check, "remedy"] or "documents.csv" in report.loc[check, "found"], check
    assert "is missing" in report.loc["folder figures", "found"]
    assert "cannot be written to" in report.loc["folder corpus", "found"]


def test_doctor_knows_a_kernel_of_another_python(monkeypatch):
    from jupyter_client import kernelspec

    other = kernelspec.KernelSpec(argv=["/elsewhere/bin/python", "-m", "ipykernel_launcher"])
    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", lambda self, name: other)
    report = doctor.examine().set_index("check")
    assert report.loc["kernel", "state"] == "problem" and "/elsewhere/bin/python" in report.loc["kernel", "found"]


def test_lock_differences_names_versions_and_honours_markers(monkeypatch, tmp_path):
    import importlib.metadata

    numpy = importlib.metadata.version("numpy")
    (tmp_path / "requirements.lock").write_text(
        f"numpy=={numpy} \\\n    --hash=sha256:00\npandas==0.1 \\\n    --hash=sha256:00\n"
        "not-installed==3 \\\n    --hash=sha256:00\nelsewhere==1 ; sys_platform == 'plan9' \\\n    --hash=sha256:00\n"
    )
    monkeypatch.setattr(doctor, "project_folder", lambda: tmp_path)
    pandas = importlib.metadata.version("pandas")
    assert doctor.lock_differences() == [f"pandas {pandas} instead of 0.1", "not-installed none instead of 3"]
