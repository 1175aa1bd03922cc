"""The ABI Casebook: case-study records in, a comparison site out.

The modules form one road; each imports only from those before it:

    problems → cache → writing → yamltext → fields → records → shapes → schemas → prose → items
             → ledger → addresses → glossary → plaintext → headings → api → head → canonical
             → headers → memo → reading → verify → links → publishing → citing → patches
             → outside → store → committed → checks → catalogue → tracking → parts → letters
             → figures → timeline → distribution → search → cite → pages → themed → navigation
             → render → resolve → feeds → outputs → handwritten → unpublished → scaffold → recall
             → edition → commands → cli → reference → mkdocs_plugin

Only ``mkdocs_plugin`` imports MkDocs.
"""

__version__ = "0.1.0"
