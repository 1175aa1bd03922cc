"""The rules that records keep beyond their shape, each in the file of what it is about.

To add one: write a function that yields problems, declare its codes with ``@rule(...)``, and list
it in ``rules.py``: in ``ENTRY_RULES`` where it looks at one record at a time, else in
``SET_RULES``. ``problems/codes.py`` describes a new code, and a file in ``tests/rejected/`` shows
each code of the rule at work.
"""
