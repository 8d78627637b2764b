"""What a browser may run on a page: what stands on it, named by its hash, and nothing else."""

import base64
import hashlib


def content_policy(style: str, script: str | None) -> str:
    """The Content-Security-Policy of a page.

    Args:
        style: between the page's style tags, to the letter.
        script: between its script tags; null where nothing runs.
    """
    rules = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "img-src data:"]
    rules.append(f"style-src '{_digest(style)}'")
    if script is not None:
        rules.append(f"script-src '{_digest(script)}'")
    return "; ".join(rules)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
