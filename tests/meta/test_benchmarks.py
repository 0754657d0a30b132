"""The benchmarks still run; what they measure is looked at by no test."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "speed.md"
MEASUREMENTS = ("reading", "consolidating", "memory", "jobs", "click", "filling")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with resource, which Windows lacks")
def test_every_benchmark_runs_on_two_workbooks_and_fills_its_place_on_the_page(tmp_path: Path) -> None:
    page = Path(shutil.copy(PAGE, tmp_path / "speed.md"))
    size = ["--sizes", "2", "--repeat", "1", "--pairs", "1"]
    command = ["-m", "benchmarks.run", "all", *size, "--books", str(tmp_path / "books"), "--page", str(page)]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    text = page.read_text(encoding="utf-8")
    for name in MEASUREMENTS:
        section = text.partition(f"<!-- {name}: begin -->")[2].partition(f"<!-- {name}: end -->")[0]
        assert "| ---: |" in section
        assert "CPUs; " in section
    assert str(tmp_path) not in text
