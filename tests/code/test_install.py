"""What ships: the wheel holds models, issues and runs, works anywhere, and takes no common name."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout and unpacked."""
    pytest.importorskip("build")
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    result = subprocess.run(build, capture_output=True, text=True, cwd=out)
    assert result.returncode == 0, result.stdout + result.stderr
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def run(site: Path, code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run code with the unpacked wheel and the installed libraries, but not the editable install.

    ``-S`` leaves out the ``.pth`` files through which an editable install is found.
    """
    libraries = sysconfig.get_paths()["purelib"]
    start = f"import sys; sys.path[:0] = [{str(site)!r}, {libraries!r}]\n"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + code], capture_output=True, text=True, cwd=cwd
    )


@pytest.mark.slow
def test_the_wheel_carries_what_it_needs(site: Path, tmp_path: Path) -> None:
    code = """
import banmian.data, banmian.eval, banmian.serving, banmian.training
from banmian.data.shipped import shipped_issue, written_issues
from banmian.training.commands import VERBS
from banmian.eval.modules import load_metric
print(banmian.data.__file__, len(written_issues()), len(list(shipped_issue("2020-02-13-zhuzhou").body())))
print(load_metric("macro_f1").compute(predictions=[1], references=[1])["macro_f1"])
"""
    result = run(site, code, tmp_path)
    assert result.returncode == 0, result.stderr
    where, written, body, perfect = result.stdout.split()
    assert where.startswith(str(site))
    assert (written, body, perfect) == ("37", "68", "1.0")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["labeller", "writer"])
def test_the_wheel_carries_the_shipped_models(site: Path, tmp_path: Path, kind: str) -> None:
    code = f"""
from banmian.serving.store import ModelStore
from pathlib import Path
print(ModelStore(Path("nothing")).published("{kind}").manifest.kind)
"""
    result = run(site, code, tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == kind


@pytest.mark.parametrize("name", ["data", "eval", "serving", "training", "tests"])
def test_no_common_name_reaches_the_global_namespace(name: str, tmp_path: Path) -> None:
    code = f"import {name}"
    result = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert f"No module named '{name}'" in result.stderr
