"""The commands of ``abicase``, one module each; ``group`` puts them together.

A module imports at its top only what is quick to import, since all are imported for ``--help``.
"""
