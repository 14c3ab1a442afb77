"""Numbers that residents allow to be counted, and the report that shows them beside each other (L1, L2, M6)."""
