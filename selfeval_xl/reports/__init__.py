"""Finished documents: pages, sheets and reports, each made from values."""
