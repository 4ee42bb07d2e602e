"""Speak score.py's JSON lines with the rules alone."""

import json
import sys

from rules import Finding, Message, Severity, check_chat, score


def answer(row: dict[str, object], findings: list[Finding]) -> dict[str, object]:
    """One line of the contract."""
    return {
        "id": row["id"],
        "flagged": any(finding.severity is Severity.VIOLATION for finding in findings),
        "score": score(findings),
        "findings": [
            {"rule": f.rule, "category": f.category, "start": f.start, "end": f.end, "message": f.message}
            for f in findings
        ],
    }


def main() -> None:
    """Answer standard input line by line."""
    for line in sys.stdin:
        row = json.loads(line)
        chat = row.get("chat") or [{"sender": "PARTNER", "text": row["text"]}]
        messages = [Message(said["text"], said["sender"]) for said in chat]
        sys.stdout.write(json.dumps(answer(row, check_chat(messages))) + "\n")


if __name__ == "__main__":
    main()
