"""Digital pathways: the open file format, reading it, planning dates, checking it and compiling it to FHIR R4.

Pure: no screen, no network, no clock of its own. docs/pathways.md is the guide for authors.
"""
