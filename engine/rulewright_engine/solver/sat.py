"""The propositional core of the search that learns: conflict-driven clause learning (CDCL).

A literal is twice the number of its proposition, plus one where it is negated. The first propositions are atoms.

Why it is right: each learned clause is the resolvent of clauses that hold, so it follows from them; and a conflict at
level 0, where nothing was decided, refutes all clauses together. Each learned clause excludes the assignment that led
to it, so no assignment is met twice and the search ends. Decisions come from clauses that nothing satisfies yet: what
does not matter stays open, and when every clause is satisfied, the partial assignment is a model.
"""

__all__ = ["Clause", "SatCore"]

Clause = list[int]
"""A disjunction of literals, of which the first two are watched.

Invariant, when propagation is at rest: the two watched literals of a clause that is not satisfied are not false. So it
can become a unit or fail only when one of these two becomes false.
"""

ACTIVITY_DECAY = 0.95


class SatCore:
    """Clauses, an assignment with decision levels, and what follows from both.

    The trail holds the literals that are true, in the order in which they became so; a level begins with a decision.
    """

    def __init__(self, atoms: int) -> None:
        self._atoms = atoms
        self._value: list[bool | None] = [None] * atoms
        self._level = [0] * atoms
        self._reason: list[Clause | None] = [None] * atoms  # the clause that forced it; None for decisions
        self._activity = [0.0] * atoms
        self._watches: list[list[Clause]] = [[] for _ in range(2 * atoms)]
        self._clauses: list[Clause] = []
        self._trail: list[int] = []
        self._level_starts: list[int] = []
        self._propagated = 0
        self._increment = 1.0

    def new_proposition(self) -> int:
        """The number of a further proposition."""
        self._value.append(None)
        self._level.append(0)
        self._reason.append(None)
        self._activity.append(0.0)
        self._watches += [[], []]
        return len(self._value) - 1

    def add(self, literals: Clause) -> bool:
        """Add a clause before the first decision; False when it contradicts what is known."""
        distinct = dict.fromkeys(literals)
        if any(literal ^ 1 in distinct or self._holds(literal) for literal in distinct):
            return True
        clause = [literal for literal in distinct if self._holds(literal) is None]
        if not clause:
            return False
        if len(clause) == 1:
            self._assign(clause[0], None)
        else:
            self._watch(clause)
        return True

    def propagate(self) -> Clause | None:
        """Assign what the clauses imply (unit propagation); the clause that fails, if one does."""
        while self._propagated < len(self._trail):
            false = self._trail[self._propagated] ^ 1
            self._propagated += 1
            watching, self._watches[false] = self._watches[false], []
            for index, clause in enumerate(watching):
                if not self._rewatch(clause, false):
                    self._watches[false].append(clause)
                    other = clause[0]
                    if self._holds(other) is False:
                        self._watches[false] += watching[index + 1 :]
                        return clause
                    if self._holds(other) is None:
                        self._assign(other, clause)
        return None

    def _rewatch(self, clause: Clause, false: int) -> bool:
        """Watch another literal of the clause instead of `false`; otherwise the other watched one comes first."""
        if clause[0] == false:
            clause[0], clause[1] = clause[1], clause[0]
        if self._holds(clause[0]):
            self._watches[false].append(clause)
            return True
        for index in range(2, len(clause)):
            if self._holds(clause[index]) is not False:
                clause[1], clause[index] = clause[index], clause[1]
                self._watches[clause[1]].append(clause)
                return True
        return False

    def next_decision(self) -> int | None:
        """The most active open literal of the first clause that nothing satisfies; None when all are satisfied."""
        value, activity = self._value, self._activity
        for clause in self._clauses:
            if not any(self._holds(literal) for literal in clause):
                is_open = [literal for literal in clause if value[literal >> 1] is None]
                return max(is_open, key=lambda literal: activity[literal >> 1])
        return None

    def decide(self, literal: int) -> None:
        self._level_starts.append(len(self._trail))
        self._assign(literal, None)

    def learn(self, conflict: Clause) -> bool:
        """Learn from a clause that fails and jump back to where the learned one is a unit; False when none is left."""
        top = max((self._level[literal >> 1] for literal in conflict), default=0)
        if top == 0:
            return False
        self._back_to(top)  # a theory may find a conflict late, about earlier levels alone
        learned, level = self._analyse(conflict)
        self._back_to(level)
        if len(learned) > 1:
            self._watch(learned)
        self._assign(learned[0], learned if len(learned) > 1 else None)
        self._increment /= ACTIVITY_DECAY
        return True

    def assigned_atoms(self) -> tuple[int, int]:
        """The atoms that are true and those that are false, as bits."""
        yes = no = 0
        for literal in self._trail:
            if literal >> 1 < self._atoms:
                if literal & 1:
                    no |= 1 << (literal >> 1)
                else:
                    yes |= 1 << (literal >> 1)
        return yes, no

    def _analyse(self, conflict: Clause) -> tuple[Clause, int]:
        """The learned clause, its literal of this level first, and the level to jump back to.

        Walks the trail backwards and resolves the conflict with the reason of each literal of this level that it rests
        on, until one is left: the first unique implication point, which all paths from the decision to the conflict
        pass. The learned clause says that it and the earlier literals are not all so.
        """
        here = len(self._level_starts)
        seen: set[int] = set()
        learned: Clause = []
        # Invariant: the resolvent is `learned` (earlier levels) and `pending` literals of this level, not yet resolved
        clause, index, pending = conflict, len(self._trail), 0
        while True:
            for literal in clause:
                proposition = literal >> 1
                if proposition in seen or self._level[proposition] == 0 or self._holds(literal):
                    continue
                seen.add(proposition)
                self._activity[proposition] += self._increment
                if self._level[proposition] == here:
                    pending += 1
                else:
                    learned.append(literal)
            index -= 1
            while self._trail[index] >> 1 not in seen:
                index -= 1
            pending -= 1
            if pending == 0:
                break
            clause = self._reason[self._trail[index] >> 1] or []
        # The second literal is watched, too: of the level to jump back to, it becomes open again before the rest
        learned.sort(key=lambda literal: -self._level[literal >> 1])
        back = self._level[learned[0] >> 1] if learned else 0
        return [self._trail[index] ^ 1, *learned], back

    def _back_to(self, level: int) -> None:
        if len(self._level_starts) <= level:
            return
        keep = self._level_starts[level]
        for literal in self._trail[keep:]:
            self._value[literal >> 1] = None
        del self._trail[keep:]
        del self._level_starts[level:]
        self._propagated = min(self._propagated, keep)

    def _watch(self, clause: Clause) -> None:
        self._clauses.append(clause)
        for literal in clause[:2]:
            self._watches[literal].append(clause)

    def _holds(self, literal: int) -> bool | None:
        value = self._value[literal >> 1]
        return value if value is None else value != bool(literal & 1)

    def _assign(self, literal: int, reason: Clause | None) -> None:
        proposition = literal >> 1
        self._value[proposition] = not literal & 1
        self._level[proposition] = len(self._level_starts)
        self._reason[proposition] = reason
        self._trail.append(literal)
