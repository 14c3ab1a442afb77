"""Fictitious residents, services and messages. The same number gives the same platform."""
