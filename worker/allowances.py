"""What a shop allows itself beyond the rules: hosts, phones, addresses and phrases of its own; rules off or milder."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

from rules import Finding, Severity

_PHONES = frozenset({"phone", "conversation"})
_NATIONAL = 10  # digits of a Russian number without the country's code, which people write as +7, 8 or not at all


@dataclass(frozen=True, slots=True)
class Allowances:
    """What is allowed; by default nothing.

    Attributes:
        hosts: sites that may be linked, with all their subdomains.
        phones: numbers that may be given, in any notation.
        addresses: e-mail addresses and handles that may be given.
        phrases: wordings that may stand in a message; what is found inside one is no finding.
        off: ids of rules that are not applied.
        severity: rules whose findings weigh otherwise, by id.
    """

    hosts: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))

    def __or__(self, other: Self) -> Self:
        """Return what either allows; where both weigh a rule, the other's word counts."""
        joined = {name: getattr(self, name) | getattr(other, name) for name in _SETS}
        return replace(self, **joined, severity=MappingProxyType({**self.severity, **other.severity}))

    def __reduce__(self) -> tuple[object, ...]:
        """Let other processes have it: a mapping proxy cannot be pickled."""
        values = {name: getattr(self, name) for name in _SETS}
        return _from_values, (values, dict(self.severity))

    @property
    def tag(self) -> str:
        """Return what to add to the rule set's id, so that a verdict under other allowances is known as another."""
        if self == NOTHING:
            return ""
        said = [sorted(getattr(self, name)) for name in _SETS] + [sorted(self.severity.items())]
        return "+" + hashlib.sha256(repr(said).encode()).hexdigest()[:6]

    def apply(self, findings: Iterable[Finding], documents: Sequence[str]) -> Iterator[Finding]:
        """Yield the findings that are not allowed, weighed as the shop wants; `documents` are the messages' texts."""
        for finding in findings:
            if finding.rule not in self.off and not self._allows(finding, documents[finding.message]):
                yield replace(finding, severity=self.severity.get(finding.rule, finding.severity))

    def _allows(self, finding: Finding, document: str) -> bool:
        evidence = finding.evidence.casefold().strip()
        return (
            evidence.removeprefix("mailto:") in {address.casefold() for address in self.addresses}
            or (finding.rule in _PHONES and _digits(evidence) in {_digits(phone) for phone in self.phones})
            or (bool(self.hosts) and _is_of(evidence, self.hosts))
            or any(_covers(phrase, document, finding) for phrase in self.phrases)
        )


_SETS = tuple(entry.name for entry in fields(Allowances) if entry.name != "severity")
NOTHING = Allowances()


def _from_values(values: Mapping[str, frozenset[str]], severity: Mapping[str, Severity]) -> Allowances:
    return Allowances(**values, severity=MappingProxyType(dict(severity)))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-_NATIONAL:]


def _is_of(evidence: str, hosts: Iterable[str]) -> bool:
    """Tell whether a link leads to one of the hosts; a disguised one is nobody's."""
    try:
        host = urlsplit(evidence if "://" in evidence else f"//{evidence}").hostname or ""
    except ValueError:
        return False
    return any(host == allowed.casefold() or host.endswith(f".{allowed.casefold()}") for allowed in hosts)


def _covers(phrase: str, document: str, finding: Finding) -> bool:
    """Tell whether a finding lies wholly inside an allowed phrase."""
    found = re.finditer(re.escape(phrase), document, re.IGNORECASE)
    return any(place.start() <= finding.start and finding.end <= place.end() for place in found)
