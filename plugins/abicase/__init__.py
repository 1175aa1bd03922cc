"""The ABI Casebook: case-study records in, a comparison site out.

The modules form one road; each imports only from those before it:

    problems → cache → writing → syntax → yamltext → fields → records → shapes → misread
             → schemas → markup → prose → highlight → items → ledger → addresses → glossary
             → plaintext → headings → api → head → canonical → headers → memo → store → git
             → committed → salvage → reading → publishing → outside → verify → citing → patches
             → chronology → folders → links → checks → catalogue → tracking → parts → letters
             → figures → timeline → distribution → search → cite → pages → themed → navigation
             → render → resolve → feeds → outputs → handwritten → unpublished → scaffold
             → recall → edition → commands → cli → reference → preview → mkdocs_plugin

Only ``mkdocs_plugin`` imports MkDocs.
"""

__version__ = "0.1.0"
