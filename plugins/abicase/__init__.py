"""The ABI Casebook: case-study records in, a comparison site out.

The modules form one road; each imports only from those before it:

    problems → workers → cache → parsed → spool → standing → writing → yamltext → fields
             → records → shapes → schemas → prose → items → reading → ledger → checks → catalogue
             → tracking → parts → letters → figures → timeline → distribution → addresses
             → glossary → plaintext → search → cite → pages → themed → navigation → compiled
             → render → finished → headings → searched → sitekey → api → resolve → feeds → outputs
             → shelf → workshop → planning → frames → head → unpublished → handwritten → verify
             → links → publishing → canonical → scaffold → citing → patches → outside → headers
             → commands → cli → reference → mkdocs_theme → mkdocs_plugin

Only ``mkdocs_theme`` and ``mkdocs_plugin`` import MkDocs.
"""

__version__ = "0.1.0"
