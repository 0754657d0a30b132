"""What is generated and shipped is what the program would make now; ``selfeval build`` makes it anew."""

import pytest

from selfeval_xl.jobs.build import shipped, stale


@pytest.mark.slow
def test_shipped_templates_samples_and_pages_are_fresh() -> None:
    assert len(shipped()) >= 9
    assert [path.name for path in stale()] == []
