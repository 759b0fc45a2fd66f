"""From a question to hits: the query language, the two legs, their fusion, units and explanations."""
