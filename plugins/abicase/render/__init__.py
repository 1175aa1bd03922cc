"""From pages to HTML or Markdown, by templates that a site can override."""
