"""The commands of ``abicase``, one module each, combined by ``group``.

A module imports only fast modules at its top, because ``--help`` imports all of them.
"""
