"""The rules for records beyond their shape, in one file per subject.

To add one, write a function that yields problems, declare its codes with ``@rule(...)``, and list
it in ``rules.py``: in ``ENTRY_RULES`` if it looks at one record at a time, otherwise in
``SET_RULES``. Describe a new code in ``problems/codes.py``, and add a file to ``tests/rejected/``
that shows each code of the rule.
"""
