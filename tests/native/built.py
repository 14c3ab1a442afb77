"""``python tests/native/built.py <target>``: the project that ``flet build`` made says what pyproject.toml asked for.

What Flet's templates do with the configuration can only be seen after a build (``build/flutter``); a key that stands
twice in an Info.plist, for example, is decided by whoever reads it.
"""

import plistlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

FLUTTER = Path("build/flutter")
NAME = "{http://schemas.android.com/apk/res/android}"


def android(project: Path) -> list[str]:
    """What is wrong with the Android manifest."""
    manifest = ElementTree.parse(project / "android/app/src/main/AndroidManifest.xml").getroot()
    application = manifest.find("application")
    assert application is not None
    links = {
        (data.get(NAME + "scheme"), data.get(NAME + "host"))
        for data in manifest.iterfind(".//intent-filter/data")
    }
    asked = {p.get(NAME + "name", "").rpartition(".")[2] for p in manifest.iterfind("uses-permission")}
    checks = {
        "backup is allowed": application.get(NAME + "allowBackup") == "false",
        "cleartext is allowed": application.get(NAME + "usesCleartextTraffic") == "false",
        "the way back from the sign-in is missing": ("fi.digiklinikka.app", "app") in links,
        f"permissions {sorted(asked)}": asked <= {"INTERNET", "USE_BIOMETRIC", "ACCESS_NETWORK_STATE"},
    }
    return _wrong(checks)


def ios(project: Path) -> list[str]:
    """What is wrong with the Info.plist of the iOS app."""
    info = _plist(project / "ios/Runner/Info.plist")
    checks = {
        "cleartext is allowed": _closed(info),
        "languages are missing": info.get("CFBundleLocalizations") == ["fi", "sv", "en"],
        "encryption is not declared": info.get("ITSAppUsesNonExemptEncryption") is False,
        "no reason for Face ID": "kasvo" in str(info.get("NSFaceIDUsageDescription")),
        "no reason for camera or microphone": all(
            "videovastaanotolla" in str(info.get(f"NS{name}UsageDescription"))
            for name in ("Camera", "Microphone")
        ),
    }
    return _wrong(checks)


def macos(project: Path) -> list[str]:
    """What is wrong with the entitlements and the Info.plist of the Mac app."""
    rights = _plist(project / "macos/Runner/Release.entitlements")
    checks = {
        "not in the sandbox": rights.get("com.apple.security.app-sandbox") is True,
        "no network": rights.get("com.apple.security.network.client") is True,
        "cleartext is allowed": _closed(_plist(project / "macos/Runner/Info.plist")),
    }
    return _wrong(checks)


def _plist(path: Path) -> Mapping[str, object]:
    found: Mapping[str, object] = plistlib.loads(path.read_bytes())
    return found


def _closed(info: Mapping[str, object]) -> bool:
    transport = info.get("NSAppTransportSecurity")
    return isinstance(transport, dict) and transport.get("NSAllowsArbitraryLoads") is False


def _wrong(checks: Mapping[str, bool]) -> list[str]:
    return [what for what, fine in checks.items() if not fine]


CHECKS: Mapping[str, Callable[[Path], list[str]]] = {
    "aab": android,
    "apk": android,
    "ipa": ios,
    "macos": macos,
}


def main(target: str, project: Path = FLUTTER) -> int:
    """0: as asked, or nothing to look at for ``target``; 1: told what is not."""
    wrong = CHECKS[target](project) if target in CHECKS else []
    for what in wrong:
        sys.stderr.write(f"{target}: {what}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
