"""Where Flet's build tools start the app."""

from app.main import run

run()
