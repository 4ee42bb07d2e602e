"""Errors that a person is meant to read.

OperatorError    something about settings, machine or input that the operator must mend
"""


class OperatorError(Exception):
    """What is wrong, where, and what to do about it, in one line; the command line prints it and exits with 2."""
