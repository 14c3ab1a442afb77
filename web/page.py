"""What the browser loads first: index.html, the manifest, the service worker, the headers a web server should send."""

import json
import re
from collections.abc import Sequence

from web.places import ASSETS, STATIC

_OWN = re.compile(r'<script src="web/([^"]+)"></script>')
_SCRIPTS = re.compile(r"\s*<script\b[^>]*></script>|\s*<!-- fletAppConfig -->")
_STATUS = re.compile(r'<div role="status">(.*?)</div>', re.S)
_OLD = (
    ("fi", "Selaimesi on liian vanha. Päivitä se tai avaa Digiklinikka toisella selaimella."),
    ("sv", "Webbläsaren är för gammal. Uppdatera den eller öppna Digikliniken i en annan webbläsare."),
    ("en", "Your browser is too old. Please update it or open the digital clinic in another one."),
)
_STARTING = '<div id="starting" hidden><i></i><p id="starting-words" role="status"></p></div>'
CONNECT = "connect-src 'self'"


def index(base: str, title: str, description: str, client: str, python: str, app: str) -> str:
    """index.html of the static site from the one that served mode has: the same words, other scripts, none inline.

    ``base``: the path of the site, with slashes; ``client``, ``python``, ``app``: its versioned folders.
    """
    text = (ASSETS / "index.html").read_text()
    shared = [f'<script src="{app}{name}"></script>' for name in _OWN.findall(text)]
    text = _SCRIPTS.sub("", text)
    text = text.replace('<base href="/">', f'<base href="{base}">\n  {_meta_policy()}')
    text = re.sub(r"<title>.*?</title>", f"<title>{title}</title>", text)
    text = re.sub(r"(<h1 data-app-name>)[^<]*", rf"\g<1>{title}", text)
    text = re.sub(r'(name="apple-mobile-web-app-title" content=")[^"]*', rf"\g<1>{title}", text)
    text = (
        re.sub(r'(name="description" content=")[^"]*', rf"\g<1>{description}", text) if description else text
    )
    text = text.replace('href="web/', f'href="{app}')
    text = _STATUS.sub(_with_old_browser, text, count=1)
    text = text.replace("</body>", f"  {_STARTING}\n</body>")
    scripts = (
        f'<script src="{app}check.js"></script>',
        *shared,
        f'<script src="{app}first.js"></script>',
        f'<script src="{app}page.js" data-client="{client}" data-python="{python}" data-app="{app}"></script>',
    )
    return text.replace("</head>", "".join(f"  {line}\n" for line in scripts) + "</head>")


def _with_old_browser(found: re.Match[str]) -> str:
    inside = found[1].replace("<progress ", '<progress max="100" value="5" ')
    old = "\n".join(f'      <p lang="{code}">{words}</p>' for code, words in _OLD)
    status = f'<div role="status" id="opening-status">{inside}</div>'
    return f'{status}\n    <div id="opening-old" role="alert" hidden>\n{old}\n    </div>'


def _meta_policy() -> str:
    """For web servers that send no headers; frame-ancestors works in a header only."""
    return f'<meta http-equiv="Content-Security-Policy" content="{policy(frames=False)}">'


def policy(platform: Sequence[str] = (), frames: bool = True) -> str:
    """The Content-Security-Policy: this site only. ``platform``: origins that the worker's Python may ask.

    The page itself asks no other host at all; its worker takes the policy from the header of its own file.
    """
    parts = [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        " ".join((CONNECT, "data: blob:", *platform)),
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
    return "; ".join(parts + ["frame-ancestors 'none'"] * frames)


def manifest(title: str, base: str) -> str:
    """The web app manifest: installable under ``base``."""
    made = json.loads((ASSETS / "manifest.json").read_text())
    return json.dumps(
        made | {"name": title, "short_name": title, "id": base, "scope": base}, ensure_ascii=False, indent=2
    )


def service_worker(version: str, files: Sequence[str], later: Sequence[str]) -> str:
    """sw.js: ``files`` are fetched at once; what begins with one of ``later`` is kept when it is first used."""
    build = json.dumps({"version": version, "files": sorted(files), "later": sorted(later)})
    return f"self.build = {build};\n{(STATIC / 'sw.js').read_text()}"
