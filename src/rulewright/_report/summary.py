"""What came of proofs, and what was written, in a sentence."""

from collections import Counter
from collections.abc import Sequence

from rulewright._project.outputs import GuideFiles
from rulewright._project.proof import Outcome, Proof
from rulewright_schema.wording import counted

__all__ = ["guides_written", "left_open", "proofs_summed_up", "rules_summed_up"]


def rules_summed_up(proofs: Sequence[Proof], unreadable: int = 0) -> str:
    """`46 rules proven by 1,420 cases, 1 partly proven, 1 undecided, 1 not executable`."""
    counts = Counter(proof.outcome for proof in proofs) + Counter({Outcome.FAILED: unreadable})
    cases = sum(len(proof.cases) for proof in proofs if proof.outcome is Outcome.PROVEN)
    parts = [f"{counted(counts[Outcome.PROVEN], 'rule')} proven by {counted(cases, 'case')}"]
    parts += [f"{counts[each]:,} {each}" for each in Outcome if each is not Outcome.PROVEN and counts[each]]
    return ", ".join(parts)


def left_open(proofs: Sequence[Proof]) -> list[str]:
    """A line for each rule that neither failed nor is proven: what keeps it from that."""
    return [
        f"{proof.rule.file.name}: {proof.outcome}: {proof.reason}"
        for proof in proofs
        if proof.outcome not in (Outcome.PROVEN, Outcome.FAILED)
    ]


def proofs_summed_up(proofs: Sequence[Proof], unreadable: int = 0) -> str:
    """The rules, and `condition coverage (MC/DC): 600 of 602 conditions shown true and false, 1 explained, 1 not`."""
    conditions = [condition for proof in proofs for condition in proof.conditions]
    if not conditions:
        return rules_summed_up(proofs, unreadable)
    shown = sum(each.held and each.failed for each in conditions)
    explained = sum(each.is_covered and not (each.held and each.failed) for each in conditions)
    measured = f"{shown:,} of {counted(len(conditions), 'condition')} shown true and false"
    measured += f", {explained:,} explained" if explained else ""
    unshown = len(conditions) - shown - explained
    measured += f", {unshown:,} not" if unshown else ""
    return f"{rules_summed_up(proofs, unreadable)}; condition coverage (MC/DC): {measured}"


def guides_written(written: GuideFiles) -> str:
    return f"{counted(written.guides, 'guide')} in {counted(written.files, 'file')}; start at {written.start}"
