"""Names of generated cases: of what they show, so that they stay where a query is only written otherwise."""

from itertools import permutations

import pytest

from support.cases import fixtures_of, made_anew

CONDITIONS = ('process.name in ("nc", "ncat")', 'process.args : "-l"', 'user.name != "root"')
JOINED = " and ".join(CONDITIONS)
MORE = f'{JOINED} and event.type == "start"'


def names_of(condition: str) -> set[str]:
    return {case.name for case in fixtures_of(f"process where {condition}").cases}


def test_names_say_what_is_shown() -> None:
    assert {
        'positive: process.name in ("nc")',
        'positive: process.name in ("ncat")',
        'near-miss: process.name in ("ncat"), is ncat2',
        'near-miss: user.name == "root"',
    } <= names_of(JOINED)
    assert not any(name[-1].isdigit() and name.rpartition("-")[2].isdigit() for name in names_of(JOINED))


@pytest.mark.parametrize("order", list(permutations(CONDITIONS)), ids=" ".join)
def test_names_stay_where_conditions_change_places(order: tuple[str, ...]) -> None:
    assert names_of(" and ".join(order)) == names_of(JOINED)


def test_names_of_positives_stay_where_a_list_is_in_another_order() -> None:
    """Near misses of a whole list are told at its first element, whichever that is."""
    other = names_of(JOINED.replace('"nc", "ncat"', '"ncat", "nc"'))
    assert {name for name in other if "positive" in name} == {name for name in names_of(JOINED) if "positive" in name}


def test_names_stay_where_a_condition_is_added() -> None:
    assert names_of(JOINED) <= names_of(MORE)


@pytest.mark.parametrize(("before", "after"), [(JOINED, MORE), (MORE, JOINED)])
def test_a_case_that_stays_keeps_its_name(before: str, after: str) -> None:
    old = fixtures_of(f"process where {before}").cases
    new = {case.name: case for case in made_anew(f"process where {after}", existing=old).cases}
    kept = [case for case in old if case in new.values()]
    assert all(new[case.name] == case for case in kept)
    assert len(kept) > 2
