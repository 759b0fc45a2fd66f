"""Measuring search: collections with judgements, runs over them, and tuning on one's own library."""
