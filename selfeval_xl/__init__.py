"""Self-evaluation reports of Chinese government departments as locked Excel workbooks."""

__version__ = "0.1.0"
