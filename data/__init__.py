"""What an issue is: records, labels, reading a page, splits, and the facts in a text."""
