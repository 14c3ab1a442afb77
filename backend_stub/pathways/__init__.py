"""The county's side of digital pathways: definitions applied to residents, dates moved, steps ticked.

The dates are counted by the same pure planner as in the app (``app.pathways``), as both read the same files.
"""
