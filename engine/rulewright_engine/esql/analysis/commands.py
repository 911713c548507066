"""One command to a step of the plan: its names to columns, its expressions to types, and the scope behind it."""

from rulewright_engine.esql.analysis.lookups import analyze_enrich, analyze_lookup
from rulewright_engine.esql.analysis.plan import (
    Answer,
    Assign,
    AssignStep,
    CaptureStep,
    Column,
    Constant,
    Expand,
    Filter,
    ReadEvents,
    ReadRow,
    Segment,
    SortKey,
    SortStep,
    Step,
    Take,
)
from rulewright_engine.esql.analysis.scope import (
    METADATA,
    Defined,
    Dropped,
    EventFields,
    Kept,
    Only,
    Renamed,
    Scope,
    Unmapped,
    Unreliable,
    is_closed,
    matches,
)
from rulewright_engine.esql.analysis.stats import analyze_stats
from rulewright_engine.esql.analysis.typing import Context, Typer
from rulewright_engine.esql.functions.capture import (
    PARTS,
    Captured,
    PatternError,
    compile_dissect,
    compile_grok,
)
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import (
    Assignment,
    Command,
    Completion,
    Dissect,
    Drop,
    Enrich,
    Eval,
    From,
    Grok,
    InlineStats,
    Keep,
    Limit,
    Literal,
    LookupJoin,
    MvExpand,
    Name,
    Parts,
    Pattern,
    Rename,
    Row,
    Setting,
    Sort,
    Stats,
    Unsupported,
    Where,
)
from rulewright_schema.similar import nearest_of

__all__ = ["CommandTyper"]

KEEPS_COLUMNS = frozenset({"dedup", "limit", "sample"})
"""Commands that are not run and leave the columns as they are."""


class CommandTyper:
    """Types the commands of a query in order; `steps` and `scopes` grow with each, `context` holds what is wrong."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.segment = Segment()
        self.scopes: list[Scope] = []
        self.steps: list[Step] = []
        self._has_limit = False
        self._unmapped = Unmapped.FAIL

    @property
    def scope(self) -> Scope:
        return self.scopes[-1]

    def setting(self, setting: Setting) -> None:
        """What changes nothing, or what is done here, is silent; of two settings of one name the later counts."""
        name = setting.name.text.lower()
        value = str(setting.value.value).lower() if isinstance(setting.value, Literal) else ""
        if name == "unmapped_fields":
            self._set_unmapped(setting, value)
        elif (name, value) not in (("time_zone", "utc"), ("time_zone", "z")):
            self.context.is_incomplete = True
            what = f"`SET {setting.name.text}`"
            self.context.found.append(problems.unsupported(setting.name.span, what, "it changes how the cluster works"))

    def _set_unmapped(self, setting: Setting, value: str) -> None:
        if value in set(Unmapped):
            self._unmapped = Unmapped(value)
            return
        help_ = 'write "fail", "nullify" or "load"'
        problem = problems.bad_constant(setting.value.span, "`unmapped_fields` has no such value", help=help_)
        self.context.found.append(problem)

    def command(self, command: Command) -> None:
        """Type one command: add its step, and the scope behind it."""
        if not self.scopes and not isinstance(command, From | Row):
            self._unreadable_source(command)
            return
        known = len(self.scopes)
        match command:
            case From():
                self._from(command)
            case Row():
                self._row(command)
            case Where():
                self.steps.append(Filter(self._typer("in WHERE").condition(command.condition), command.span))
            case Eval():
                self._eval(command)
            case Keep(patterns, span):
                self._check_patterns(patterns)
                self.scopes.append(Kept(patterns, self.scope, ("KEEP", span)))
            case Drop(patterns, span):
                self._check_patterns(patterns)
                self.scopes.append(Dropped(patterns, self.scope, ("DROP", span)))
            case Rename():
                self._rename(command)
            case Sort():
                self._sort(command)
            case Limit():
                self._limit(command)
            case Stats() | InlineStats():
                self._stats(command)
            case MvExpand():
                self._expand(command)
            case Grok() | Dissect() | Parts():
                self._capture(command)
            case LookupJoin() | Enrich():
                self._join(command)
            case Completion():
                self._completion(command)
            case Unsupported(name, span):
                self.context.is_incomplete = True
                if name not in KEEPS_COLUMNS:
                    self.scopes.append(Unreliable(self.segment, self.scope, ("", span)))
        if len(self.scopes) == known:
            self.scopes.append(self.scope)

    def _typer(self, clause: str) -> Typer:
        return Typer(self.context, self.scope, clause)

    def _new_column(self, name: str, type_: Type, constant: Constant | None = None) -> Column:
        return Column(name, type_, self.segment.new_slot(), constant=constant)

    def _unreadable_source(self, command: Command) -> None:
        self.context.is_incomplete = True
        self.scopes.append(Unreliable(self.segment, None, ("", command.span)))

    def _from(self, command: From) -> None:
        metadata: list[str] = []
        for name in command.metadata:
            if name.text in METADATA:
                metadata.append(name.text)
            else:
                near = nearest_of(name.text, METADATA)
                self.context.found.append(problems.unknown_metadata(name.span, name.text, near))
        self.steps.append(ReadEvents((), self.segment, command.span))
        unique = tuple(dict.fromkeys(metadata))
        self.scopes.append(
            EventFields(self.context.fields, unique, self.segment, ("FROM", command.span), self._unmapped)
        )

    def _row(self, command: Row) -> None:
        self.context.has_events = False
        scope: Scope = Only({}, None, ("ROW", command.span))
        assigns, columns = self._assignments(command.fields, scope, "in ROW")
        self.steps.append(ReadRow(assigns, self.segment, command.span))
        self.scopes.append(Only(columns, None, ("ROW", command.span)))

    def _eval(self, command: Eval) -> None:
        assigns, columns = self._assignments(command.fields, self.scope, "in EVAL")
        self.steps.append(AssignStep(assigns, command.span))
        self.scopes.append(Defined(columns, self.scope, ("EVAL", command.span)))

    def _assignments(
        self, fields: tuple[Assignment, ...], scope: Scope, clause: str
    ) -> tuple[tuple[Assign, ...], dict[str, Column]]:
        """Fields in order; each sees those before it. A name that is assigned again moves to the end."""
        assigns: list[Assign] = []
        columns: dict[str, Column] = {}
        for field in fields:
            visible = Defined(columns, scope, scope.command)
            typed = Typer(self.context, visible, clause).type(field.expression)
            if typed.type in GROUPS["span"]:
                what = "is a span of time, which no column can hold"
                self.context.found.append(
                    problems.wrong_type(typed.span, f"`{field.name.text}` {what}", help="add it to a date")
                )
            column = self._new_column(field.name.text, typed.type, typed if isinstance(typed, Constant) else None)
            columns.pop(field.name.text, None)
            columns[field.name.text] = column
            assigns.append(Assign(column.slot, typed))
        return tuple(assigns), columns

    def _check_patterns(self, patterns: tuple[Pattern, ...]) -> None:
        names = self.scope.names() if is_closed(self.scope) else None
        for pattern in patterns:
            if not pattern.wild:
                self._check_column(self.scope, pattern)
            elif names is not None and not any(matches(pattern, name) for name in names) and pattern.text.strip("*"):
                self.context.found.append(problems.no_match(pattern.span, pattern.text))

    def _check_column(self, scope: Scope, name: Name | Pattern) -> bool:
        """Whether there is a column of that name: fields that only hold others are none."""
        found = scope.lookup(name.text)
        if found is not None and found.field is not None and found.field.elasticsearch_type == "object":
            self.context.found.append(problems.column_unusable(name.span, name.text, "object"))
        elif found is None:
            self.context.found.append(Typer(self.context, scope, "").unknown(name.text, name.span))
        else:
            return True
        return False

    def _rename(self, command: Rename) -> None:
        scope = self.scope
        for renaming in command.renamings:
            old, new = renaming.old, renaming.new
            if self._check_column(scope, old) and old.text != new.text:
                scope = Renamed(old.text, new.text, scope, ("RENAME", command.span))
        self.scopes.append(scope)

    def _sort(self, command: Sort) -> None:
        typer = self._typer("in SORT")
        keys = []
        for order in command.orders:
            typed = typer.type(order.expression)
            if typed.type not in GROUPS["comparable"] | {Type.NULL, Type.UNKNOWN}:
                message = f"rows cannot be sorted by {typed.type.replace('_', ' ')}"
                self.context.found.append(
                    problems.wrong_type(typed.span, message, help="sort by a number, a date or a text")
                )
            keys.append(SortKey(typed, order.descending, order.nulls_first))
        self.steps.append(SortStep(tuple(keys), command.span))

    def _limit(self, command: Limit) -> None:
        typed = Typer(self.context, Only({}, None, ("LIMIT", command.span)), "in LIMIT").type(command.count)
        self._has_limit = True
        if typed.type is Type.UNKNOWN:
            return
        if not isinstance(typed, Constant) or not isinstance(typed.value, int) or not 0 <= typed.value < 2**31:
            message = "the number of rows must be a whole number that is not negative, and an integer"
            self.context.found.append(problems.bad_constant(typed.span, message))
            return
        self.steps.append(Take(typed.value, command.span))

    def _stats(self, command: Stats | InlineStats) -> None:
        inline = isinstance(command, InlineStats)
        if inline and self._has_limit:
            self.context.found.append(problems.inline_after_limit(command.span))
        step, scope, segment = analyze_stats(self.context, self.scope, self.segment, command)
        self.steps.append(step)
        self.scopes.append(scope)
        if not inline:
            self.context.has_events = False
            self.segment = segment
            self._has_limit = False

    def _expand(self, command: MvExpand) -> None:
        name = command.column
        found = self.scope.lookup(name.text)
        if found is None:
            self.context.found.append(self._typer("").unknown(name.text, name.span))
            return
        column = self._new_column(name.text, found.type)
        self.steps.append(Expand(self.context.use(found).slot, column.slot, command.span))
        self.scopes.append(Defined({name.text: column}, self.scope, ("MV_EXPAND", command.span), in_place=True))

    def _join(self, command: LookupJoin | Enrich) -> None:
        if isinstance(command, LookupJoin):
            step, scope = analyze_lookup(self.context, self.scope, self.segment, command)
        else:
            step, scope = analyze_enrich(self.context, self.scope, self.segment, command)
        self.steps.append(step)
        self.scopes.append(scope)

    def _capture(self, command: Grok | Dissect | Parts) -> None:
        name = command.name.upper() if isinstance(command, Parts) else type(command).__name__.upper()
        typed = self._typer(f"in {name}").type(command.input)
        if typed.type not in GROUPS["string"] | {Type.NULL, Type.UNKNOWN}:
            message = f"{name} takes a text apart, not {typed.type.replace('_', ' ')}"
            self.context.found.append(problems.wrong_type(typed.span, message, help="convert it with `to_string`"))
        captured = self._captured(command)
        if captured is None:
            self.context.is_incomplete = True
            self.scopes.append(Unreliable(self.segment, self.scope, (name, command.span)))
            return
        columns = {key: self._new_column(key, type_) for key, type_ in captured.columns.items()}
        slots = tuple(column.slot for column in columns.values())
        self.steps.append(CaptureStep(typed, captured, slots, command.span))
        self.scopes.append(Defined(columns, self.scope, (name, command.span)))

    def _captured(self, command: Grok | Dissect | Parts) -> Captured | None:
        if isinstance(command, Parts):
            return PARTS[command.name].captured(command.prefix.text)
        literal = command.patterns[0] if isinstance(command, Grok) else command.pattern
        try:
            if isinstance(command, Dissect):
                return compile_dissect(str(command.pattern.value), command.separator)
            return compile_grok(tuple(str(pattern.value) for pattern in command.patterns))
        except PatternError as error:
            if isinstance(command, Grok):
                literal = command.patterns[error.index]
            self.context.found.append(problems.bad_constant(literal.span, str(error), help=error.help))
            return None

    def _completion(self, command: Completion) -> None:
        typed = self._typer("in COMPLETION").type(command.prompt)
        if typed.type not in GROUPS["string"] | {Type.NULL, Type.UNKNOWN}:
            message = f"a prompt must be text, not {typed.type.replace('_', ' ')}"
            self.context.found.append(problems.wrong_type(typed.span, message, help="convert it with `to_string`"))
        column = self._new_column(command.target.text, Type.KEYWORD)
        self.steps.append(Answer(typed, column, command.span))
        self.scopes.append(Defined({column.name: column}, self.scope, ("COMPLETION", command.span)))
