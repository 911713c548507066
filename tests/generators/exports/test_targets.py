"""Each format is one folder and one entry of TARGETS, and they agree."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from rulewright_generators import exports
from rulewright_generators.exports import TARGETS
from rulewright_generators.exports.sigma import Profile
from rulewright_generators.writing.templates import Templates


def test_each_folder_is_a_format() -> None:
    assert exports.__file__ is not None
    assert {path.parent.name for path in Path(exports.__file__).parent.glob("*/export.py")} == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_a_format_takes_the_options_that_people_are_offered(name: str) -> None:
    taken = inspect.signature(import_module(f"{exports.__name__}.{name}.export").export_rules).parameters
    usual = {option.name: option.choices[0] for option in TARGETS[name].options}
    assert list(taken)[:4] == ["rules", "folder", "templates", "problems"]
    assert {key: str(value.default) for key, value in taken.items() if key not in list(taken)[:4]} == usual


def test_the_profiles_of_sigma_are_those_that_people_are_offered() -> None:
    (profile,) = TARGETS["sigma"].options
    assert profile.choices == tuple(Profile)


def test_a_template_of_a_kind_that_nothing_can_escape_is_told_to_who_adds_it() -> None:
    with pytest.raises(NotImplementedError, match=r"FORMATS of writing/sandbox.py .* in \.other"):
        Templates().render("other/rule.other.j2")
