"""The static browser client: ``python -m web.build`` makes ``build/web``, ``python -m web.serve`` serves it."""
