"""What trees of nodes answer, over random conditions."""

from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.ir.expression import And, Condition, Constant, Exists, Field, FieldType, Leaf, Nested, Not, Or
from rulewright_engine.ir.query import Part, Role, Sequence, Stage

LEAVES = [Leaf(Field(name, FieldType.KEYWORD), Exists(), name) for name in "abc"]


def _larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return several.map(And) | several.map(Or) | inner.map(Not) | inner.map(lambda child: Nested("path", child))


conditions = st.recursive(st.sampled_from([*LEAVES, Constant(True)]), _larger, max_leaves=12)


def below(condition: Condition) -> list[Condition]:
    match condition:
        case And(operands) | Or(operands):
            return [condition, *(node for operand in operands for node in below(operand))]
        case Not(child) | Nested(child=child):
            return [condition, *below(child)]
        case _:
            return [condition]


@given(conditions)
def test_a_walk_meets_every_node_at_its_path(condition: Condition) -> None:
    expected = list(map(id, below(condition)))
    assert [id(node) for node in condition.walk()] == expected
    assert [id(node) for _, node in condition.walk_paths()] == expected
    assert [id(condition.at(path)) for path, _ in condition.walk_paths()] == expected
    assert list(condition.find(Leaf)) == [node for node in condition.walk() if isinstance(node, Leaf)]


@given(conditions, st.data())
def test_only_the_replaced_node_changes(condition: Condition, data: st.DataObject) -> None:
    path, _ = data.draw(st.sampled_from(list(condition.walk_paths())))
    changed = condition.replace(path, Constant(False))
    assert changed.at(path) == Constant(False)
    for other, node in condition.walk_paths():
        if other[: len(path)] != path and path[: len(other)] != other:
            assert changed.at(other) is node


@given(conditions)
def test_what_no_change_is_made_of_stays_the_same_object(condition: Condition) -> None:
    assert condition.transform(lambda node: node) is condition
    for old, new in zip(condition.walk(), condition.transform(_without_a).walk(), strict=True):
        assert (new is old) == (LEAVES[0] not in old.walk())


def _without_a(node: Condition) -> Condition:
    return Constant(False) if node == LEAVES[0] else node


@given(conditions)
def test_literals_have_the_sign_of_the_nots_above_them(condition: Condition) -> None:
    nots = {
        path: sum(isinstance(condition.at(path[:depth]), Not) for depth in range(len(path)))
        for path, node in condition.walk_paths()
        if isinstance(node, Leaf)
    }
    assert list(condition.literals()) == [(condition.at(path), count % 2 == 0) for path, count in nots.items()]


@given(conditions, st.sets(st.sampled_from("abc")), st.booleans())
def test_a_condition_is_what_its_conjuncts_are(condition: Condition, there: set[str], truth: bool) -> None:
    def holds(node: Condition, operands: tuple[bool, ...]) -> bool:
        match node:
            case Leaf(text=text):
                return text in there
            case Constant(value):
                return value
            case Or():
                return any(operands)
            case Not():
                return not operands[0]
            case _:
                return all(operands)

    value = condition.fold(holds)
    assert value == all(conjunct.fold(holds) for conjunct in condition.conjuncts())
    assert value == any(disjunct.fold(holds) for disjunct in condition.disjuncts())
    signed = condition.signed_conjuncts(truth)
    assert (value == truth) == all(node.fold(holds) == wanted for node, wanted in signed)


def test_the_parts_of_a_sequence_are_its_stages_and_until() -> None:
    a, b, c = LEAVES
    key = Field("host.id", FieldType.KEYWORD)
    query = Sequence((Stage(a, (key,), runs=2), Stage(b, (), missing=True)), until=Stage(c, ()))
    assert query.parts == (Part(a, Role.STAGE, (key,), 2), Part(b, Role.MISSING), Part(c, Role.UNTIL))
    assert [part.wanted for part in query.parts] == [True, False, False]
    for number in range(3):
        changed = query.with_condition(number, Constant(True)).conditions
        assert changed == (*query.conditions[:number], Constant(True), *query.conditions[number + 1 :])
