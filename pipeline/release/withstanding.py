"""The attacker's findings on a release: what could be worked out from what it shows."""

from pathlib import Path

from pipeline.attack.attack import attack_release


def attack_findings(folder: Path) -> list[str]:
    """What an attacker who has only the folder can work out; nothing if it is safe.

    Where pages have figures and another form of them has none, its reader is blind, and its
    silence says nothing.
    """
    report = attack_release(folder)
    findings = [f"{each.kind}: {each.says} ({each.where})" for each in report.findings]
    if report.n_figures.get("html"):
        findings += [
            f"unread: {n} files as {form} and no figure in any of them"
            for form, n in report.n_files.items()
            if n and form != "other" and not report.n_figures.get(form)
        ]
    return findings
