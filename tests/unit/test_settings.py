"""Settings come from the environment, are checked once, and are documented."""

from pathlib import Path

import pytest

from heartshare.errors import InputError
from heartshare.settings import VARIABLES, Settings


def test_settings_have_defaults_and_one_home(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path)})
    assert settings.inbox == tmp_path / "inbox"
    assert settings.warehouse.parent == settings.published.parent == tmp_path
    assert settings.dbt_project.is_absolute()


def test_settings_split_owner_addresses():
    settings = Settings.from_env({"HEARTSHARE_OWNERS": "a@example.org, b@example.org,"})
    assert settings.owners == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARTSHARE_TIMEZONE", "Europe/Atlantis"),
        ("HEARTSHARE_TIMEZONE", "../etc/passwd"),
        ("HEARTSHARE_TIMEZONE", "Europe"),
        ("HEARTSHARE_TEXT_LIMIT", "many"),
        ("HEARTSHARE_APPROVAL_WAIT", "9999999999999h"),
        ("HEARTSHARE_KEEP_REVISIONS", "0"),
        ("HEARTSHARE_KEEP_REVISIONS", "²"),
        ("HEARTSHARE_LANGUAGE", "xx"),
    ],
)
def test_settings_name_the_variable_that_is_wrong(name, value):
    with pytest.raises(InputError, match=name):
        Settings.from_env({name: value})


def test_a_zone_in_other_capitals_is_named():
    with pytest.raises(InputError, match=r"such as Europe/Dublin\. See"):
        Settings.from_env({"HEARTSHARE_TIMEZONE": "europe/dublin"})


def test_a_wrong_language_is_refused_before_a_week_is_built_and_judged():
    """It was refused by the report alone, hours after it had been set."""
    with pytest.raises(InputError, match=r"'DE'.*one of en, de\b"):
        Settings.from_env({"HEARTSHARE_LANGUAGE": "DE"})


def test_every_setting_is_one_of_the_documented_variables():
    text = Path(Settings.from_env.__code__.co_filename).read_text()
    assert all(text.count(f'"{name}"') >= 2 for name in VARIABLES)


def test_home_that_cannot_be_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path / "file" / "home")})
    with pytest.raises(InputError, match="HEARTSHARE_HOME"):
        settings.make_home()


def test_home_is_made_and_left_empty(tmp_path):
    settings = Settings.from_env({"HEARTSHARE_HOME": str(tmp_path / "a" / "home")})
    settings.make_home()
    assert list(settings.home.iterdir()) == []
