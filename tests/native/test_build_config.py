"""``[tool.flet]`` as Flet itself reads it, for all six targets: what would be wrong in a store or on a phone."""

import base64
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flet_platform_assets import IconOptions, SplashOptions, load_source, render_icons, render_splash

from app.platform.ways import SCHEME_CALLBACK
from tests.native.flet_config import ROOT, TARGETS, merged

FLET = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["flet"]
NAMES = {
    "project_name": "digiklinikka",
    "product_name": "Digiklinikka",
    "bundle_id": "fi.digiklinikka.app",
    "org_name": "fi.digiklinikka",
    "artifact_name": "digiklinikka",
    "company_name": "Digiklinikka",
}
ANDROID_MAY = {"INTERNET", "USE_BIOMETRIC", "ACCESS_NETWORK_STATE"}
REASONS = (
    "NSCameraUsageDescription",
    "NSMicrophoneUsageDescription",
    "NSPhotoLibraryUsageDescription",
    "NSFaceIDUsageDescription",
)
ICONS = ("android", "ios", "macos", "windows", "linux", "web")


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The commands of all targets after their configuration stages."""
    folder = tmp_path_factory.mktemp("targets")
    return {target: merged(target, folder) for target in TARGETS}


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_the_same_names_and_its_own_python(
    configured: Mapping[str, Any], target: str
) -> None:
    command = configured[target]

    assert {name: command.template_data[name] for name in NAMES} == NAMES
    assert command.template_data["options"]["python_version"] == "3.14"
    assert command.python_module_filename == "main.py"


def options(configured: Mapping[str, Any], target: str) -> dict[str, Any]:
    found: dict[str, Any] = configured[target].template_data["options"]
    return found


def test_android_asks_for_nothing_it_does_not_use(configured: Mapping[str, Any]) -> None:
    permissions = options(configured, "aab")["android_permissions"]

    granted = {name.removeprefix("android.permission.") for name, wanted in permissions.items() if wanted}
    assert granted == ANDROID_MAY
    assert all(wanted is False for wanted in options(configured, "aab")["android_features"].values())


def test_android_keeps_no_backup_and_no_cleartext(configured: Mapping[str, Any]) -> None:
    application = configured["aab"].get_pyproject("tool.flet.android.manifest_application")

    assert application["allowBackup"] == application["fullBackupContent"] == "false"
    assert application["usesCleartextTraffic"] == "false"


def test_android_is_new_enough_and_64_bit(configured: Mapping[str, Any]) -> None:
    assert configured["aab"].get_pyproject("tool.flet.android.min_sdk_version") == 26
    assert options(configured, "aab")["target_arch"] == ["arm64-v8a", "x86_64"]
    assert options(configured, "aab")["android_signing"] is False


@pytest.mark.parametrize("target", ["aab", "ipa"])
def test_the_way_back_from_the_sign_in_is_the_one_the_app_tells_the_provider(
    configured: Mapping[str, Any], target: str
) -> None:
    """Flet hands the app only the path of such an address: it must be that of the screen that takes it."""
    link = options(configured, target)["deep_linking"]

    assert f"{link['scheme']}://{link['host']}/callback" == SCHEME_CALLBACK


def test_apple_is_told_languages_encryption_and_that_there_is_no_cleartext(
    configured: Mapping[str, Any],
) -> None:
    for target in ("ipa", "macos"):
        info = options(configured, target)["info_plist"]

        assert info["CFBundleLocalizations"] == ["fi", "sv", "en"]
        assert info["CFBundleDevelopmentRegion"] == "fi"
        assert info["ITSAppUsesNonExemptEncryption"] is False
        assert info["NSAppTransportSecurity"]["NSAllowsArbitraryLoads"] is False


def test_every_reason_on_ios_is_in_finnish_swedish_and_english(configured: Mapping[str, Any]) -> None:
    info = options(configured, "ipa")["info_plist"]

    for name in REASONS:
        fi, sv, en = info[name].split(" · ")
        assert fi.startswith("Voit ")
        assert sv.startswith("Du kan ")
        assert en.startswith("You can ")
    assert {name for name in info if name.endswith("UsageDescription")} == set(REASONS)


def test_mac_runs_in_the_sandbox_with_the_network_and_nothing_else(configured: Mapping[str, Any]) -> None:
    entitlements = options(configured, "macos")["macos_entitlements"]

    short = {name.removeprefix("com.apple.security."): wanted for name, wanted in entitlements.items()}
    assert short == {
        "app-sandbox": True,
        "cs.allow-jit": True,
        "cs.allow-unsigned-executable-memory": True,
        "network.client": True,
        "network.server": True,
        "files.user-selected.read-write": True,
    }


def test_linux_is_found_among_medical_software(configured: Mapping[str, Any]) -> None:
    assert configured["linux"].template_data["linux_categories"].startswith("MedicalSoftware;")


def test_web_asks_no_third_party_and_keeps_paths(configured: Mapping[str, Any]) -> None:
    web = configured["web"].template_data

    assert web["no_cdn"] is True
    assert web["route_url_strategy"] == "path"
    manifest = json.loads((ROOT / "assets/manifest.json").read_text("utf-8"))
    assert web["pwa_theme_color"] == manifest["theme_color"]
    assert web["pwa_background_color"] == manifest["background_color"]


@pytest.mark.parametrize("target", TARGETS)
def test_the_first_words_are_in_both_official_languages_and_name_112(
    configured: Mapping[str, Any], target: str
) -> None:
    screen = configured[target].template_data["boot_screen"]
    told = json.loads(base64.b64decode(screen["options_b64"]))["startup_message"]

    assert screen["name"] == "flet"
    assert "avautuu" in told
    assert "öppnas" in told
    assert "112" in told


def test_splash_and_icons_have_the_colours_of_the_app(configured: Mapping[str, Any]) -> None:
    colours = json.loads((ROOT / "assets/regions/paijat-hame.json").read_text("utf-8"))["colours"]
    splash = configured["aab"].template_data["splash"]

    assert splash["color"] == colours["light"]["background"]
    assert splash["dark_color"] == colours["dark"]["background"]
    assert splash["android"] is splash["ios"] is splash["web"] is True
    assert FLET["icon_background"] == FLET["android"]["adaptive_icon_background"] == "#0b5563"


@pytest.mark.parametrize("platform", ICONS)
def test_flet_makes_every_icon_without_a_warning(platform: str) -> None:
    source, pre_rendered = load_source(ROOT / "assets/icon.png")
    colour: Any = tuple(bytes.fromhex(FLET["icon_background"].removeprefix("#")))

    made = render_icons(
        source, IconOptions(background=colour), platform=platform, pre_rendered=pre_rendered, derived=True
    )

    assert source.size == (1024, 1024)
    assert not made.warnings


@pytest.mark.parametrize("platform", ["android", "ios", "web"])
def test_flet_makes_every_splash_without_a_warning(platform: str) -> None:
    light, dark = (load_source(ROOT / f"assets/{name}.png")[0] for name in ("splash", "splash_dark"))
    options = SplashOptions(color=FLET["splash"]["color"], dark_color=FLET["splash"]["dark_color"])

    made = render_splash(light, dark, options, platform=platform)

    assert not made.warnings


def test_tests_and_the_stub_stay_out_of_the_app(configured: Mapping[str, Any]) -> None:
    excluded = set(configured["aab"].get_platform_setting("app.exclude"))

    assert {"tests", "backend_stub", "docs", "web", "deploy"} <= excluded
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - excluded == {"app", "assets"}
    assert all((ROOT / name).exists() for name in excluded - _MADE), "an exclusion that excludes nothing"


_MADE = {"build", "var", "web", "deploy", "app/served.py"}


def test_nothing_outside_of_what_is_left_out_imports_it() -> None:
    """A phone has no web server: the modules that need one are left out, and no other module imports them at start."""
    left_out = [name for name in FLET["app"]["exclude"] if name.startswith("app/")]
    modules = [name.removesuffix(".py").replace("/", ".") for name in left_out]
    wanting = re.compile(rf"^(?:from|import) (?:{'|'.join(map(re.escape, modules))})\b", re.M)

    found = [path for path in _sources() if wanting.search(path.read_text("utf-8"))]

    assert not [path for path in found if str(path.relative_to(ROOT)) not in left_out]


def _sources() -> list[Path]:
    return [path for path in (ROOT / "app").rglob("*.py") if "__pycache__" not in path.parts]
