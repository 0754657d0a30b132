"""What the page says of the marked sentences is what they come to now."""

from tests.prose.page import PAGE, page


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.prose.page"
