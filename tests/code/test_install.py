"""What ships: the wheel holds models, issues and runs, works anywhere, and takes no common name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from banmian.data.issue import parse_issue

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


def command(site: Path, libraries: Path, code: str) -> list[str]:
    """A Python that sees the unpacked wheel and these libraries, but not the editable install.

    ``-S`` leaves out the ``.pth`` files through which an editable install is found.
    """
    start = f"import sys; sys.path[:0] = [{str(site)!r}, {str(libraries)!r}]\n"
    return [sys.executable, "-I", "-S", "-c", start + code]


def run(site: Path, code: str, cwd: Path, libraries: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run code with the unpacked wheel, and with every installed library if no others are given."""
    given = command(site, libraries or Path(pytest.__file__).parents[1], code)
    return subprocess.run(given, capture_output=True, text=True, cwd=cwd)


@pytest.fixture(scope="module")
def bare(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The libraries that the wheel requires without extras, and no others, as links to the installed ones."""
    folder = tmp_path_factory.mktemp("bare")
    (wheel,) = site.glob("banmian-*.dist-info")
    for needed in requirements(PathDistribution(wheel), set(), set()):
        for file in needed.files or ():
            link = folder / file
            if ".." not in file.parts and not link.exists():  # scripts stand outside
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(Path(str(needed.locate_file(file))))
    return folder


def requirements(of: Distribution, extras: set[str], seen: set[tuple[str, str]]) -> Iterator[Distribution]:
    """What a distribution requires here, and what that requires, each installed one."""
    for line in of.requires or ():
        needed = Requirement(line)
        wanted = needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in (extras or {""})
        )
        key = (needed.name.lower(), ",".join(sorted(needed.extras)))
        if wanted and key not in seen:
            seen.add(key)
            found = distribution(needed.name)
            yield found
            yield from requirements(found, {"", *needed.extras}, seen)


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


@pytest.mark.slow
@pytest.mark.shipped
def test_without_extras_it_analyses_the_real_page(site: Path, bare: Path, tmp_path: Path) -> None:
    code = """
import importlib.util
from banmian.data.command import main
for name in ("torch", "transformers", "datasets", "sklearn", "onnxruntime", "mcp", "pytest"):
    assert importlib.util.find_spec(name) is None, name
sys.exit(main(["analyze", sys.argv[1]]))
"""
    page = site / "banmian/data/issues/2020-02-13-zhuzhou/page.txt"
    result = subprocess.run(
        [*command(site, bare, code), str(page)], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    issue = parse_issue(result.stdout)
    body = list(issue.body())
    assert (len(issue.articles), len(body)) == (7, 68)
    assert all(block.prediction for _, block in body)
    assert all(article.written and article.written.headline for article in issue.articles)


@pytest.mark.slow
@pytest.mark.shipped
def test_without_extras_it_serves_page_and_endpoint_and_names_what_is_missing(
    site: Path, bare: Path, tmp_path: Path
) -> None:
    serve = "from banmian.data.command import main\nsys.exit(main(['serve', '--port', '0', *sys.argv[1:]]))"
    asked = subprocess.run(
        [*command(site, bare, serve), "--telemetry"], capture_output=True, text=True, cwd=tmp_path
    )
    assert asked.returncode == 2
    assert "Install it with: pip install 'banmian[telemetry]'" in asked.stderr
    with subprocess.Popen(
        command(site, bare, serve), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as server:
        assert server.stdout
        line = server.stdout.readline()
        assert line.startswith("banmian is ready: "), line
        url = line.split()[3]
        assert "版面" in urllib.request.urlopen(f"{url}/").read().decode()
        body = json.dumps({"paragraphs": ["特此通告。"]}).encode()
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/classify", body, headers)) as answer:
            assert json.load(answer)["predictions"][0]["label"] == "public_notice"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(f"{url}/mcp", b"{}", headers))
        assert refused.value.code == 404
        assert "pip install 'banmian[mcp]'" in json.load(refused.value)["error"]["remedy"]
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait(30) == 0


@pytest.mark.parametrize("name", ["data", "eval", "serving", "training", "tests"])
def test_no_common_name_reaches_the_global_namespace(name: str, tmp_path: Path) -> None:
    code = f"import {name}"
    result = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert f"No module named '{name}'" in result.stderr
