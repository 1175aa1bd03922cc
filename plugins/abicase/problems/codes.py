"""The codes of all problems, with their explanations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["error", "warning"]

Code = Literal[
    "alias",
    "bad-commit",
    "bad-date",
    "bad-folder",
    "bad-id",
    "bad-link",
    "bad-mail",
    "bad-pattern",
    "bad-permalink",
    "bad-reference",
    "bad-release",
    "bad-value",
    "broken-permalink",
    "content-policy",
    "control-character",
    "date-after-release",
    "date-order",
    "dead-link",
    "differs-from-commit",
    "directive",
    "draft-reference",
    "duplicate-key",
    "empty-file",
    "empty-value",
    "encoding",
    "future-date",
    "heading",
    "house-style",
    "huge-file",
    "id-is-not-file-name",
    "image",
    "invalid-html",
    "lost-permalink",
    "many-retired",
    "markdown",
    "measurement-number",
    "missing-counter-evidence",
    "missing-evidence",
    "missing-field",
    "missing-finding",
    "missing-source",
    "named-twice",
    "needs-because",
    "origin-counted",
    "other-host",
    "patch",
    "placeholder",
    "raw-html",
    "refuted",
    "repeated-id",
    "reserved-id",
    "reused-id",
    "reworded",
    "rewritten",
    "same-as",
    "sign",
    "stale",
    "syntax",
    "tag",
    "taken-out",
    "template",
    "text-check",
    "too-deep",
    "unfinished",
    "unknown-field",
    "unknown-reference",
    "unknown-word",
    "unpublished",
    "unreadable",
    "untried-sign",
    "unused-source",
    "wrong-type",
    "unquoted",
]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a code, for ``abicase explain``, the reference and ``--format json``."""

    severity: Severity
    meaning: str
    """One sentence that says what is wrong."""
    remedy: str
    """A few sentences: how to fix it, and why the rule exists."""
    wrong: str = ""
    """An excerpt of a record that has the problem; may be empty."""
    right: str = ""
    """The same excerpt without the problem."""


CODES: dict[Code, Meaning] = {
    "alias": Meaning(
        "error",
        "The file uses a YAML anchor (&name), alias (*name) or merge key.",
        "Write the value out where it is used. Aliases let a small file expand without bound "
        "and hide what a record says.",
        wrong="sources: &s [merge-commit]\n…\nsources: *s",
        right="sources: [merge-commit]\n…\nsources: [merge-commit]",
    ),
    "bad-commit": Meaning(
        "error",
        "A commit id has neither 12 to 40 nor exactly 64 lower-case hexadecimal digits.",
        "Give at least twelve digits, preferably all forty, in lower case: short ids become "
        "ambiguous. git rev-parse COMMIT prints the full id, and abicase source add fills it "
        "in.",
        wrong="commit: 974802e",
        right="commit: 974802eaa1afdc87e00821df7ae42af5d5adf5c5",
    ),
    "bad-date": Meaning(
        "error",
        "A date does not have the form YYYY-MM-DD, YYYY-MM or YYYY, or there is no such day.",
        "Write the date only as precisely as it is known.",
        wrong="date: 12/06/2009",
        right="date: 2009-06-12",
    ),
    "bad-folder": Meaning(
        "error",
        "A YAML file is in a folder where records are not kept, or its name does not end in .yml.",
        "Move it into the folder for its kind, which the message lists, and give it a name that "
        "ends in .yml.",
        wrong="cases/old/pour.yaml",
        right="cases/pour.yml",
    ),
    "bad-id": Meaning(
        "error",
        "An id is not lower-case kebab-case of at most 40 characters, or Windows reserves it.",
        "Ids become permanent addresses. Use lower-case letters, digits and single hyphens, and "
        "begin and end with a letter or a digit. Ids also become file names, and Windows allows "
        "none called aux, con, nul, prn, com1 or lpt1.",
        wrong="id: Attr_Size",
        right="id: attr-size",
    ),
    "bad-link": Meaning(
        "error",
        "A link is neither an https address nor a reference to an item.",
        "Link to an address that begins with https://, or to an item by its reference. http:// "
        "is accepted only in a source or a repository, and only where casebook.yml has "
        "allow_http: true. An address must not contain a user or a port; write spaces and other "
        "special characters as %20 and so on.",
        wrong="[the mail](http://example.org/a b)\n[the case](pour)",
        right="[the mail](https://example.org/a%20b)\n[the case](case/pour)",
    ),
    "bad-mail": Meaning(
        "error",
        "A mail is given neither by its message id nor by an https address in an archive.",
        "Give the bare message id where it is known, because archives come and go: the value of "
        "the mail's Message-ID header, without the angle brackets.",
        wrong="mail: <1234.5678@example.org>",
        right="mail: 1234.5678@example.org",
    ),
    "bad-pattern": Meaning(
        "error",
        "An address pattern has an unknown placeholder or lacks a required one.",
        "Write the placeholders in braces where the values belong; the message lists them.",
        wrong="commit: https://example.org/commit/",
        right="commit: https://example.org/commit/{commit}",
    ),
    "bad-permalink": Meaning(
        "error",
        "A ledger entry contradicts itself or another entry.",
        "The message says how. A moved item leads to one live item and a split item to several; "
        "both entries say when and why, and so does a withdrawn one.",
    ),
    "bad-reference": Meaning(
        "error",
        "A reference does not have the form kind/id or kind/id#part.",
        "Write the kind, a slash and the id; for a part of a case, add # and the part's id.",
        wrong="for: [name-the-unit]",
        right="for: [lesson/name-the-unit]",
    ),
    "bad-release": Meaning(
        "error",
        "A release is not written as a tag or as repository/tag.",
        "Write the tag as git names it. For a release of a repository other than the default "
        "one, put that repository's id and a slash before it.",
        wrong="release: Release 2.1",
        right="release: v2.1",
    ),
    "bad-value": Meaning(
        "error",
        "A value is not one that the field accepts.",
        "The message says what the field accepts, such as how long a text may be, how many "
        "items a list needs, or that a text must be on one line. Shorten the value, or add what "
        "is missing.",
        wrong="surface: []",
        right="surface: [void pour(int ms)]",
    ),
    "broken-permalink": Meaning(
        "error",
        "A published address does not lead to its page and anchor on the built site.",
        "Restore the item it leads to, or record with abicase links retire what became of it.",
    ),
    "content-policy": Meaning(
        "error",
        "A page of the built site has inline code that no content security policy can allow.",
        "Remove style= and on…= attributes from hand-written pages, templates and the theme's "
        "overrides; put rules into a style sheet and handlers into a script.",
    ),
    "control-character": Meaning(
        "error",
        "A text contains a control character, or one that reorders the text around it.",
        "Remove it. The message names the character, and an editor can show invisible "
        "characters. They can make a text look different from what it contains.",
    ),
    "date-after-release": Meaning(
        "error",
        "A date is later than the date of the release that is said to contain the change.",
        "One of the two is wrong: correct the date, or name the first release that contains the "
        "change. The repository's record has the release dates; if most dates contradict one "
        "of them, it is reported there, once.",
    ),
    "date-order": Meaning(
        "error",
        "Dates are out of order: a period ends before it begins, or an event precedes an "
        "earlier one.",
        "List events and periods by date, oldest first, or correct the date. Only the entries "
        "that are out of order are reported.",
        wrong="- {id: merge, date: 2009-06, …}\n- {id: proposal, date: 2008-12, …}",
        right="- {id: proposal, date: 2008-12, …}\n- {id: merge, date: 2009-06, …}",
    ),
    "dead-link": Meaning(
        "error",
        "A link on the built site leads to a page or an anchor that does not exist.",
        "Fix the link, or restore its target.",
    ),
    "differs-from-commit": Meaning(
        "warning",
        "An event's only source is a commit, but its date or release differs from the commit's.",
        "An event's date is the author date of its commit, and its release is the first that "
        "contains the commit. Correct the wrong one; if something else proves the date, name "
        "that source too.",
        wrong="events:\n- id: size-added\n  date: 2020-01-01\n  sources: [size-commit]"
        "  # of 2020-01-10",
        right="events:\n- id: size-added\n  date: 2020-01-10\n  sources: [size-commit]",
    ),
    "directive": Meaning(
        "error",
        "A hand-written page asks for a part that does not exist.",
        "The message lists the available parts and the kind of item that each takes.",
        wrong="<!-- abicase: matrx -->",
        right="<!-- abicase: matrix -->",
    ),
    "draft-reference": Meaning(
        "error",
        "A published record names or links to a draft.",
        "Finish the draft and remove its line draft: true, or make this record a draft too. A "
        "draft has no page, so the link would be broken.",
    ),
    "duplicate-key": Meaning(
        "error",
        "A key occurs twice in a mapping.",
        "Keep one of them; the message gives the line of the other. YAML would silently use the "
        "last.",
        wrong="lane: callers\nlane: both",
        right="lane: both",
    ),
    "empty-file": Meaning(
        "error",
        "The file is empty.",
        "Write a record into it, as abicase new does, or delete it.",
    ),
    "empty-value": Meaning(
        "error",
        "A field has no value.",
        "Fill it in, or remove the field if it is optional.",
        wrong="release:",
        right="release: v2.1",
    ),
    "encoding": Meaning(
        "error",
        "The file is not UTF-8 without a byte order mark.",
        "Save the file as UTF-8 without a byte order mark; editors offer this when saving.",
    ),
    "future-date": Meaning(
        "error",
        "A date is in the future.",
        "Correct the date: records describe what has happened.",
    ),
    "heading": Meaning(
        "error",
        "A Markdown text contains a heading.",
        "Texts are shown on pages that have headings of their own. Begin a paragraph with a few "
        "words in bold instead. If a line only happens to begin with a number sign, put a "
        "backslash before the sign; if dashes or equals signs made a line a heading, put a "
        "blank line before them.",
        wrong="text: |-\n  # Background\n  It was merged.",
        right="text: |-\n  **Background:** it was merged.",
    ),
    "house-style": Meaning(
        "warning",
        "A text has a word for which the casebook prefers another.",
        "Write what the message proposes, or another word that fits. The list is house_style in "
        "casebook.yml; add a phrase in which the word is right to its but_not. Code in "
        "backquotes and quotations are not checked.",
        wrong="text: Tea runs thru the spout.",
        right="text: Tea runs through the spout.",
    ),
    "huge-file": Meaning(
        "error",
        "The file is larger than any reasonable record.",
        "Split the case into two, or shorten it: nobody reads a case of that size.",
    ),
    "id-is-not-file-name": Meaning(
        "error",
        "A record's id differs from its file name.",
        "Rename the file, or fix the id: readers find a record's file by its id. A published id "
        "must stay, so rename the file.",
        wrong="pour.yml:\n  id: pour-out",
        right="pour-out.yml:\n  id: pour-out",
    ),
    "image": Meaning(
        "error",
        "A Markdown text contains an image.",
        "Records are text. Describe in words what the image shows, or link to it.",
        wrong="![the layout](https://example.org/layout.png)",
        right="[a drawing of the layout](https://example.org/layout.png)",
    ),
    "invalid-html": Meaning(
        "error",
        "A page of the built site is not valid HTML.",
        "Fix the hand-written page, the template or the override that the markup comes from.",
    ),
    "lost-permalink": Meaning(
        "error",
        "A published item is no longer in the records.",
        "Restore it, or record with abicase links retire what became of it: its address may "
        "have been cited and must still resolve. Ledger entries that are not committed yet can "
        "be deleted.",
    ),
    "many-retired": Meaning(
        "error",
        "Unusually many permalinks were retired on one day.",
        "If that is intended, name the date in many_retired_on, or use abicase links retire "
        "--many. The rule exists because many are otherwise retired at once only by mistake.",
    ),
    "markdown": Meaning(
        "error",
        "A Markdown text uses markup that record texts do not support, or leaves it incomplete.",
        "The message says what to write instead. Texts can have paragraphs, lists, emphasis, "
        "links, code in backquotes and fenced code; other markup would not be shown as "
        "intended.",
        wrong="text: |-\n  > It works here.",
        right="text: |-\n  The reviewer wrote that it works there.",
    ),
    "measurement-number": Meaning(
        "warning",
        "An event cites a count without giving its number, or no event gives it.",
        "Give the number in the title or the text, in digits or, up to twenty, in words, or "
        "remove the source or the count. This way no text keeps a number that was corrected.",
        wrong="text: Some commits changed the header.",
        right="text: 157 commits changed the header.",
    ),
    "missing-counter-evidence": Meaning(
        "error",
        "A lesson has no event against it, and no signed statement that none was found.",
        "Look for a case in which the advice did not help, and name the lesson in that event's "
        "against:. If there is none, record in none_found where you looked, when, and your "
        "name; once there is an event against the lesson, remove none_found.",
        right="none_found:\n  looked_at: all cases\n  on: 2026-11-22\n  by: Ada Example",
    ),
    "missing-evidence": Meaning(
        "error",
        "A statement lacks the events that must support it.",
        "Name the supporting events: for a finding in its events:, for a lesson in the for: of "
        "each event. A finding without events is rated not-known. A lesson needs at least two, "
        "unless one of the project's documents states it.",
        wrong="iteration:\n  rating: quick\n  text: …",
        right="iteration:\n  rating: quick\n  text: …\n  events: [first-version, second-version]",
    ),
    "missing-field": Meaning(
        "error",
        "A required field is missing, or one without which a source can't be linked.",
        "Add the field. abicase new explains every field of a kind of record, as does the "
        "record format reference.",
    ),
    "missing-finding": Meaning(
        "error",
        "A case has no finding on one of the axes.",
        "Add a finding on that axis; not-known is an honest answer.",
        right="outcome:\n  rating: not-known\n  text: Nobody has counted its users.",
    ),
    "missing-source": Meaning(
        "error",
        "An event or a period has no source.",
        "Every statement needs a source: name one by its id in the sources: of the event or "
        "period, or remove the statement. abicase source add creates a source from a commit.",
        wrong="sources: []",
        right="sources: [merge-commit]",
    ),
    "named-twice": Meaning(
        "error",
        "A list names the same thing twice.",
        "Remove one of them; otherwise evidence would be counted twice.",
        wrong="sources: [merge-commit, merge-commit]",
        right="sources: [merge-commit]",
    ),
    "needs-because": Meaning(
        "error",
        "An event is evidence both for and against the same item, without a reason.",
        "Give both links a reason in one line, or remove one of them.",
        wrong="for: [claim/faster]\nagainst: [claim/faster]",
        right=(
            "for:\n  - {item: claim/faster, because: the first version took one day}\n"
            "against:\n  - {item: claim/faster, because: the second took a year}"
        ),
    ),
    "origin-counted": Meaning(
        "error",
        "An event is evidence for or against a claim whose origin names it.",
        "Remove the link: the event that suggested a claim can't test it. If the event did not "
        "suggest it, remove the event's link from the claim's origin.",
    ),
    "other-host": Meaning(
        "error",
        "A page of the built site loads a file from another host.",
        "Keep a copy of the file with the site: readers should not be reported to others, and the "
        "content security policy forbids it.",
    ),
    "patch": Meaning(
        "error",
        "A mail can't be read, its patch does not apply, or it adds something other than a record.",
        "Create the patch again on the current revision with git format-patch, and send it "
        "unmodified, as an attachment or with git send-email. Symbolic links and binary data "
        "are rejected; records are plain text.",
    ),
    "placeholder": Meaning(
        "error",
        "A record that is not a draft still contains a TODO.",
        "Write the missing text, or remove the field if it is optional; replace an id that "
        "begins with rename-me. In a draft this is only a warning, unfinished.",
        wrong="title: TODO",
        right="title: The size field is added",
    ),
    "raw-html": Meaning(
        "error",
        "A Markdown text contains an HTML tag or comment.",
        "Use Markdown, and put anything that only looks like a tag in backquotes.",
        wrong="text: It takes <name>.",
        right="text: It takes `<name>`.",
    ),
    "repeated-id": Meaning(
        "error",
        "Two things that need separate addresses have the same id.",
        "Rename the newer one, because the older may have been published. In a case, events, "
        "sources, sides and axes share one namespace, so name a source for what it is, as in "
        "merge-commit.",
        wrong="sources: {merge: …}\nevents: [{id: merge, …}]",
        right="sources: {merge-commit: …}\nevents: [{id: merge, …}]",
    ),
    "reserved-id": Meaning(
        "error",
        "An id is reserved for use by the pages themselves.",
        "Choose another id; the message lists the reserved ones.",
        wrong="id: events",
        right="id: first-events",
    ),
    "reused-id": Meaning(
        "error",
        "An item has the id of one that was moved, split or withdrawn.",
        "Choose another id: readers who follow the old address expect the old item. If it is "
        "the same item again, remove the state from its ledger entry.",
    ),
    "same-as": Meaning(
        "error",
        "same_as names an event that can't be the same one.",
        "Name the event of another case that describes the same fact: it must have the same "
        "date and no same_as itself.",
        wrong="same_as: case/steep#first  # which has same_as: case/pour#first",
        right="same_as: case/pour#first",
    ),
    "refuted": Meaning(
        "warning",
        "The casebook's finding needs the patterns to be alike on an axis, and they no longer are.",
        "Check the finding in casebook.yml against the records again: write what they show now, "
        "and update the date in on. The page that compares all cases has the counts.",
    ),
    "sign": Meaning(
        "error",
        "A lesson's sign misses its wrong examples, matches a right one, or is not a valid "
        "pattern.",
        "Correct the rule or the regular expression so that it matches code that violates the "
        "lesson and no code that follows it. If no wrong example has the sign, add one that "
        "does.",
        wrong="line: 'pour(\\('",
        right="line: 'pour\\('",
    ),
    "stale": Meaning(
        "warning",
        "A record was reviewed, or one of its sources checked, longer ago than the casebook "
        "allows.",
        "Read the record again, check its sources, and set the new date in reviewed or checked. "
        "For commits, abicase verify --record does this. The limit is stale_after_days in "
        "casebook.yml.",
    ),
    "syntax": Meaning(
        "error",
        "The file is not valid YAML.",
        "The message says what the YAML parser expected, at or just before that position. Most "
        "often a text with a colon and a space needs quotation marks, or a line is not indented "
        "like its neighbours.",
        wrong="title: pour: a tool in the tree",
        right='title: "pour: a tool in the tree"',
    ),
    "reworded": Meaning(
        "error",
        "The wording of a statement on the built site differs from the one last published.",
        "Run abicase links publish on the branch that is published, and commit the ledger: pages"
        " and replies then say when the statement was reworded. On other branches abicase links"
        " check --allow-unpublished passes.",
    ),
    "rewritten": Meaning(
        "error",
        "More than a third of the words of a published statement have changed.",
        "If the meaning is the same, run abicase links publish --reworded ITEM. If it changed, give"
        " the new statement its own id and withdraw the old one with abicase links retire, so that"
        " a citation of the old one is not taken for the new one.",
    ),
    "tag": Meaning(
        "error",
        "The file uses a YAML tag (!name).",
        "Remove the tag, or put the text in quotation marks if the exclamation mark is part of "
        "it: every value is read as text and typed by its field.",
        wrong="release: !!str v2.1",
        right="release: v2.1",
    ),
    "taken-out": Meaning(
        "error",
        "The git history shows that a ledger entry was removed or its address changed.",
        "Restore the entry. Everything that was published stays in the ledger, whatever its state.",
    ),
    "template": Meaning(
        "error",
        "A template supplied by the site could not be rendered.",
        "The message names the template and the line; compare it with the package's template of "
        "the same name.",
    ),
    "text-check": Meaning(
        "warning",
        "An event's text was not read a second time against its sources, or has changed since.",
        "Read title, text and reading against each source, looking for errors, and fix those "
        "you find. Then abicase event checked CASE EVENT records the date, the sources and the "
        "wording. Unread events are reported only where casebook.yml has second_readings: true.",
        wrong="text_checked: {on: 2026-11-27, against: [merge-commit], wording: 0f3c5a7e9b1d}",
        right="text_checked: {on: 2026-11-28, against: [merge-commit], wording: 4be1a90c77d2}",
    ),
    "too-deep": Meaning(
        "error",
        "The file nests lists and mappings more deeply than any record does.",
        "Compare it with the record format: most often a bracket is not closed, or lines are "
        "indented too far.",
    ),
    "unfinished": Meaning(
        "warning",
        "A draft still contains a TODO, or an id that begins with rename-me.",
        "Write the missing text. The text after TODO is a suggestion: delete the word TODO to "
        "accept it. The draft can't be published until then.",
        wrong="kind: TODO change",
        right="kind: change",
    ),
    "unknown-field": Meaning(
        "error",
        "A record has a field that does not exist.",
        "It is probably misspelled, or belongs one level higher or lower; the message names the "
        "nearest field, or lists all fields there.",
        wrong="reviewd: 2026-11-22",
        right="reviewed: 2026-11-22",
    ),
    "unknown-reference": Meaning(
        "error",
        "A reference leads to nothing.",
        "Fix the id, or add the missing item; the message says what was probably meant. A "
        "record's id is its file name, and the ids of a case's parts are shown on its page. A "
        "repository's record either lists every release that records name, with its date, or "
        "lists none, and then releases are not checked. In a clone, git for-each-ref --format=' "
        "%(refname:short): %(creatordate:short)' refs/tags prints such a list.",
        wrong="for: [claim/fastr]",
        right="for: [claim/faster]",
    ),
    "unknown-word": Meaning(
        "error",
        "A value is not one of the words that the field accepts.",
        "Use one of the words that the message lists. Lanes and kinds of interface are defined "
        "in casebook.yml, an axis's ratings in its record.",
        wrong="kind: merged",
        right="kind: merge",
    ),
    "unpublished": Meaning(
        "error",
        "The built site has items that are missing from the ledger.",
        "Run abicase links publish on the branch that is published, and commit the ledger. An "
        "address that is not in it could be lost later without notice. On other branches, where "
        "ids may still change, use abicase links check --allow-unpublished.",
    ),
    "unreadable": Meaning(
        "error",
        "The file or folder can't be read, or is a link or a device.",
        "Make it a plain file or folder that you are allowed to read. Links and devices are not "
        "followed.",
    ),
    "untried-sign": Meaning(
        "warning",
        "A sign could not be tried on the examples because ast-grep is not installed.",
        "Install it with pip install 'mkdocs-abicase[advise]', and check again.",
    ),
    "unused-source": Meaning(
        "error",
        "A source is not cited by any event or period.",
        "Name it in the sources: of the event or period that it supports, or remove it.",
    ),
    "wrong-type": Meaning(
        "error",
        "A value has the wrong type: a text instead of a list, a list instead of a mapping, and "
        "so on.",
        "The message says which type the field has: a text, a list in brackets or with dashes, "
        "a mapping of names to values, a whole number, or true or false.",
        wrong="kinds: function",
        right="kinds: [function]",
    ),
    "unquoted": Meaning(
        "warning",
        "YAML reads a text differently from what was probably meant: it ends too early, is "
        "split, or includes what was meant to be separate.",
        "Put the text in quotation marks, or below its field after >- (to keep line breaks, "
        "after |-). A space followed by # begins a comment, a comma between brackets ends an "
        "item, and null means no value.",
        wrong="surface: [void pour(int a, int b)]\ntext: See bug #34 for the rest.",
        right='surface: ["void pour(int a, int b)"]\ntext: "See bug #34 for the rest."',
    ),
}

assert set(CODES) == set(get_args(Code))
