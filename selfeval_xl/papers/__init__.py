"""A report held against other papers: last year's report, and lists such as the final accounts."""
