"""The only place where the parts are put together: one set of stores for each session.

``session`` builds what a session has, ``own`` what a person has in it; each room has a file of its own that makes its
store out of ``Shared``.
"""

from app.bootstrap.session import build

__all__ = ["build"]
