"""Rendering of pages to HTML or Markdown, with templates that a site can override."""
