"""Audits: proof of what was read and judged in a period, what was found, and what Market did."""
