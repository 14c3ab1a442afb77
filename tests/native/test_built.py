"""The check of a finished build finds what Flet's templates could do otherwise than asked."""

import plistlib
from pathlib import Path

import pytest

from tests.native.built import main
from tests.native.phones_pins import phone_pins

MANIFEST = """<manifest xmlns:android="http://schemas.android.com/apk/res/android">
  <uses-permission android:name="android.permission.INTERNET" />{more}
  <application android:allowBackup="{backup}" android:usesCleartextTraffic="false">
    <activity><intent-filter>
      <data android:scheme="fi.digiklinikka.app" android:host="{host}" />
    </intent-filter></activity>
  </application>
</manifest>"""
INFO = {
    "NSAppTransportSecurity": {"NSAllowsArbitraryLoads": False},
    "CFBundleLocalizations": ["fi", "sv", "en"],
    "ITSAppUsesNonExemptEncryption": False,
    "NSFaceIDUsageDescription": "Voit avata sovelluksen kasvoillasi.",
    "NSCameraUsageDescription": "Voit näkyä videovastaanotolla.",
    "NSMicrophoneUsageDescription": "Voit puhua videovastaanotolla.",
}


def android(folder: Path, backup: str = "false", host: str = "app", more: str = "") -> int:
    manifest = folder / "android/app/src/main/AndroidManifest.xml"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(MANIFEST.format(backup=backup, host=host, more=more), "utf-8")
    return main("aab", folder)


def test_an_android_project_as_asked_passes(tmp_path: Path) -> None:
    assert android(tmp_path) == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"backup": "true"}, "backup is allowed"),
        ({"host": ""}, "way back"),
        ({"more": '<uses-permission android:name="android.permission.CAMERA" />'}, "CAMERA"),
    ],
)
def test_an_android_project_that_is_not_as_asked_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], told: str
) -> None:
    assert android(tmp_path, **changes) == 1
    assert told in capsys.readouterr().err


def ios(folder: Path, **changes: object) -> int:
    (folder / "ios/Runner").mkdir(parents=True)
    (folder / "ios/Runner/Info.plist").write_bytes(plistlib.dumps({**INFO, **changes}))
    return main("ipa", folder)


def test_an_ios_project_as_asked_passes_and_one_with_cleartext_does_not(tmp_path: Path) -> None:
    assert ios(tmp_path / "good") == 0
    assert ios(tmp_path / "bad", NSAppTransportSecurity={"NSAllowsArbitraryLoads": True}) == 1


def test_pins_of_phones_replace_those_of_desktops_and_leave_the_rest() -> None:
    pins = phone_pins("pydantic==2.14.3\npydantic_core==2.50.4\nhttpx==0.28.1\npillow==13.0.0")

    assert pins.splitlines() == [
        "pydantic==2.13.4",
        "pydantic-core==2.46.4",
        "httpx==0.28.1",
        "pillow==12.2.0",
    ]
