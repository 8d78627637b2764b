"""The attacker's findings on a release: what could be worked out from what it shows."""

from pathlib import Path

from pipeline.attack.attack import attack_release


def attack_findings(folder: Path) -> list[str]:
    """What an attacker who has only the folder can work out; nothing if it is safe."""
    return [f"{each.kind}: {each.says} ({each.where})" for each in attack_release(folder).findings]
