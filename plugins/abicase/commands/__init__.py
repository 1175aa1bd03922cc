"""The commands of ``abicase``, one module each; ``cli`` puts them together.

A module imports at its top only what is quick to import, since all are imported for ``--help``.
"""
