"""The codes of all problems, and what each stands for."""

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
    "control-character",
    "date-after-release",
    "date-order",
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
    """The meaning of a code; the reference page and ``--format json`` read it."""

    severity: Severity
    meaning: str
    """One sentence: what is wrong."""
    remedy: str
    """One or two sentences: how to fix it, and why the rule is there."""
    wrong: str = ""
    """A piece of a record that has the problem; may be empty."""
    right: str = ""
    """The same piece without it."""


CODES: dict[Code, Meaning] = {
    "alias": Meaning(
        "error",
        "The file uses a YAML anchor (&name), alias (*name) or merge key.",
        "Write the value out where it is used. Aliases let a small file grow without "
        "bound and hide what is said.",
        wrong="sources: &s [merge-commit]\n…\nsources: *s",
        right="sources: [merge-commit]\n…\nsources: [merge-commit]",
    ),
    "bad-commit": Meaning(
        "error",
        "A commit id is not 12 to 40 lower-case hexadecimal digits, nor 64 of them.",
        "Give at least twelve digits, better all forty, in lower case: short ids "
        "become ambiguous. git rev-parse COMMIT prints the whole id, and abicase "
        "source add fills it in.",
        wrong="commit: 974802e",
        right="commit: 974802eaa1afdc87e00821df7ae42af5d5adf5c5",
    ),
    "bad-date": Meaning(
        "error",
        "A date is not of the form YYYY-MM-DD, YYYY-MM or YYYY, or there is no such day.",
        "Write the date as far as it is known, and no further.",
        wrong="date: 12/06/2009",
        right="date: 2009-06-12",
    ),
    "bad-folder": Meaning(
        "error",
        "A YAML file lies where no kind of record is kept, or does not end in .yml.",
        "Move it into the folder of its kind, which the message lists, and let its "
        "name end in .yml.",
        wrong="cases/old/pour.yaml",
        right="cases/pour.yml",
    ),
    "bad-id": Meaning(
        "error",
        "An id is not lower-case kebab-case of at most 40 characters, or Windows reserves it.",
        "Ids become addresses that are kept forever: lower-case letters, digits and "
        "single hyphens, beginning and ending with a letter or a digit. They become names of files "
        "too, and Windows has none called aux, con, nul, prn, com1 or lpt1.",
        wrong="id: Attr_Size",
        right="id: attr-size",
    ),
    "bad-link": Meaning(
        "error",
        "A link is neither an https address nor a reference to an item.",
        "Link to an address that begins with https://, or to an item by its reference. "
        "http:// is taken in a source or a repository only, where casebook.yml has "
        "allow_http: true. An address has no user and no port in it; blanks and other "
        "characters have to be written as %20 and the like.",
        wrong="[the mail](http://example.org/a b)\n[the case](pour)",
        right="[the mail](https://example.org/a%20b)\n[the case](case/pour)",
    ),
    "bad-mail": Meaning(
        "error",
        "A mail is given neither by its message id nor by the https address of an archive.",
        "Give the bare message id where it is known, since archives come and go: the "
        "line Message-ID of the mail, without the angle brackets.",
        wrong="mail: <1234.5678@example.org>",
        right="mail: 1234.5678@example.org",
    ),
    "bad-pattern": Meaning(
        "error",
        "An address pattern has a placeholder that is not filled in, or lacks one.",
        "Write the placeholders in braces where the values belong; the message lists them.",
        wrong="commit: https://example.org/commit/",
        right="commit: https://example.org/commit/{commit}",
    ),
    "bad-permalink": Meaning(
        "error",
        "A line of the ledger contradicts itself or another one.",
        "The message says how. What moved leads to one live item, what was split to several;"
        " both say when and why, and so does what was withdrawn.",
    ),
    "bad-reference": Meaning(
        "error",
        "A reference has not the form kind/id or kind/id#part.",
        "Write the kind, a slash and the id; for a part of a case, # and the id of the part.",
        wrong="for: [name-the-unit]",
        right="for: [lesson/name-the-unit]",
    ),
    "bad-release": Meaning(
        "error",
        "A release is not written as a tag, or as repository/tag.",
        "Write the tag as git names it; for a release of another repository than the "
        "default one, put the id of that repository and a slash before it.",
        wrong="release: Release 2.1",
        right="release: v2.1",
    ),
    "bad-value": Meaning(
        "error",
        "A value is outside what the field takes.",
        "The message says what the field takes: how long a text may be, how many items "
        "a list has, or that a text is in one line. Shorten it, or give what is "
        "missing.",
        wrong="surface: []",
        right="surface: [void pour(int ms)]",
    ),
    "broken-permalink": Meaning(
        "error",
        "A published address does not answer on the built site with its page and anchor.",
        "Put back what it leads to, or say with abicase links retire what became of it.",
    ),
    "control-character": Meaning(
        "error",
        "A text holds a control character, or one that reorders the text around it.",
        "Remove it; the message names the character, and an editor that shows "
        "invisible characters shows it. Such characters can make a text read otherwise "
        "than it is.",
    ),
    "date-after-release": Meaning(
        "error",
        "A date is later than the date of the release that is said to carry the change.",
        "One of the two is wrong: correct the date, or name the first release that "
        "carries the change. The days of releases are kept in the record of the "
        "repository; where most dates contradict one of them, it is reported there, once.",
    ),
    "date-order": Meaning(
        "error",
        "Dates run backwards: a period ends before it begins, or events are out of order.",
        "Put events and periods in order of time, the oldest first, or correct the date. "
        "Those are reported without which all others are in order.",
        wrong="- {id: merge, date: 2009-06, …}\n- {id: proposal, date: 2008-12, …}",
        right="- {id: proposal, date: 2008-12, …}\n- {id: merge, date: 2009-06, …}",
    ),
    "differs-from-commit": Meaning(
        "warning",
        "An event rests on one commit alone, and has another date or release than it.",
        "The date of an event is the author's date of its commit, its release the first that"
        " contains it. Correct whichever is wrong; if something else proves the date, name that"
        " source as well.",
        wrong="events:\n- id: size-added\n  date: 2020-01-01\n  sources: [size-commit]"
        "  # of 2020-01-10",
        right="events:\n- id: size-added\n  date: 2020-01-10\n  sources: [size-commit]",
    ),
    "directive": Meaning(
        "error",
        "A hand-written page asks for a part that does not exist.",
        "The message lists the parts that there are, and what kind of item each is about.",
        wrong="<!-- abicase: matrx -->",
        right="<!-- abicase: matrix -->",
    ),
    "draft-reference": Meaning(
        "error",
        "A record that is published names or links to a draft.",
        "Finish the draft and take its line draft: true out, or make this record a "
        "draft as well. A draft has no page, so the link would lead nowhere.",
    ),
    "duplicate-key": Meaning(
        "error",
        "A key occurs twice in one mapping.",
        "Keep one of them; the message names the line of the other. YAML would "
        "silently take the last.",
        wrong="lane: callers\nlane: both",
        right="lane: both",
    ),
    "empty-file": Meaning(
        "error",
        "The file holds nothing.",
        "Write a record into it, as abicase new does, or delete it.",
    ),
    "empty-value": Meaning(
        "error",
        "A field is there and has no value.",
        "Fill it in, or take the field out if it is optional.",
        wrong="release:",
        right="release: v2.1",
    ),
    "encoding": Meaning(
        "error",
        "The file is not UTF-8 without a byte order mark.",
        "Save the file as UTF-8 without a byte order mark; editors have this among the "
        "choices for saving.",
    ),
    "future-date": Meaning(
        "error",
        "A date lies in the future.",
        "Fix the date: records tell what has happened.",
    ),
    "heading": Meaning(
        "error",
        "A Markdown text holds a heading.",
        "Texts are shown inside pages that have their own headings. Begin a paragraph "
        "with a few words in bold instead, or put a blank line before it. A line that "
        "begins with a number sign by chance needs a backslash before it.",
        wrong="text: |-\n  # Background\n  It was merged.",
        right="text: |-\n  **Background:** it was merged.",
    ),
    "house-style": Meaning(
        "warning",
        "A text has a word for which the casebook prefers another.",
        "Write what the message proposes, or another word that fits. The list is house_style in"
        " casebook.yml; a phrase in which the word is right goes under but_not there. Code between"
        " backquotes and quotations are left alone.",
        wrong="text: Tea runs thru the spout.",
        right="text: Tea runs through the spout.",
    ),
    "huge-file": Meaning(
        "error",
        "The file is larger than a record can sensibly be.",
        "Split the case into two, or shorten it: nobody reads a case of that size.",
    ),
    "id-is-not-file-name": Meaning(
        "error",
        "The id of a record is not the name of its file.",
        "Rename the file, or fix the id: a reader finds a record by its id. An id "
        "that has been published stays; then the file is what has to be renamed.",
        wrong="pour.yml:\n  id: pour-out",
        right="pour-out.yml:\n  id: pour-out",
    ),
    "image": Meaning(
        "error",
        "A Markdown text holds an image.",
        "Records are text. Say in words what the image shows, or link to it.",
        wrong="![the layout](https://example.org/layout.png)",
        right="[a drawing of the layout](https://example.org/layout.png)",
    ),
    "lost-permalink": Meaning(
        "error",
        "An item was published and is no longer in the records.",
        "Put it back, or say with abicase links retire what became of it: its address was cited,"
        " and goes on answering. A line that is not committed yet can be taken out of the ledger.",
    ),
    "many-retired": Meaning(
        "error",
        "More permalinks than a handful were retired on one day.",
        "If that is meant, name the day in many_retired_on, or use abicase links retire --many."
        " The rule is there because a slip retires many at once.",
    ),
    "markdown": Meaning(
        "error",
        "A Markdown text uses what texts of records do not have, or markup that is not whole.",
        "The message says what to write instead. Texts have paragraphs, lists, emphasis, "
        "links, code in backquotes and fenced code; nothing else is shown as it was meant.",
        wrong="text: |-\n  > It works here.",
        right="text: |-\n  The reviewer wrote that it works there.",
    ),
    "measurement-number": Meaning(
        "warning",
        "An event cites a count and does not say its number, or no event says it.",
        "Give the number in the title or the text, in digits or, up to twenty, in words; or take "
        "the source or the count out. So a text can't keep a number that was corrected.",
        wrong="text: Some commits changed the header.",
        right="text: 157 commits changed the header.",
    ),
    "missing-counter-evidence": Meaning(
        "error",
        "A lesson has no event against it, and nobody has signed that none was found.",
        "Look for a case in which the advice did not help, and name the lesson under "
        "against: of that event. If there is none, say in none_found what was looked "
        "at, when and by whom; once an event speaks against it, take none_found out.",
        right="none_found:\n  looked_at: all cases\n  on: 2026-11-22\n  by: Ada Example",
    ),
    "missing-evidence": Meaning(
        "error",
        "A statement has not the events that it has to rest on.",
        "Name the events it rests on: in a finding under events:, for a lesson under "
        "for: of the events themselves. A finding without any is rated not-known; a "
        "lesson needs at least two, unless a document of the project states it.",
        wrong="iteration:\n  rating: quick\n  text: …",
        right="iteration:\n  rating: quick\n  text: …\n  events: [first-version, second-version]",
    ),
    "missing-field": Meaning(
        "error",
        "A field is missing that every record of the kind has, or without which a source can't "
        "be linked.",
        "Add the field. abicase new shows all fields of a kind of record with their "
        "meaning; so does the reference of the record format.",
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
        "No statement stands without a source: name one by its id under sources: of "
        "the event or period, or take the statement out. abicase source add makes a "
        "source of a commit.",
        wrong="sources: []",
        right="sources: [merge-commit]",
    ),
    "named-twice": Meaning(
        "error",
        "A list names the same thing twice.",
        "Take one of them out: evidence would be counted twice.",
        wrong="sources: [merge-commit, merge-commit]",
        right="sources: [merge-commit]",
    ),
    "needs-because": Meaning(
        "error",
        "An event is evidence both for and against the same item, without a word why.",
        "Give both links a reason in one line, or take one of them out.",
        wrong="for: [claim/faster]\nagainst: [claim/faster]",
        right=(
            "for:\n  - {item: claim/faster, because: the first version took one day}\n"
            "against:\n  - {item: claim/faster, because: the second took a year}"
        ),
    ),
    "origin-counted": Meaning(
        "error",
        "An event is evidence for or against a claim whose origin names it.",
        "Take the link out: a claim is not tested by the event that suggested it. If the event did "
        "not, take its link out of the claim's origin.",
    ),
    "patch": Meaning(
        "error",
        "A mail can't be read, its patch does not apply, or it makes what no record is.",
        "Make it again on the current revision, with git format-patch, and send it "
        "unchanged: as an attachment, or with git send-email. Symbolic links and binary "
        "data are rejected; records are plain text.",
    ),
    "placeholder": Meaning(
        "error",
        "A record that is no draft still holds a TODO.",
        "Write what belongs there, or take the field out if it is optional; give a "
        "name of its own to an id that begins with rename-me. In a draft it is a warning, "
        "unfinished.",
        wrong="title: TODO",
        right="title: The size field is added",
    ),
    "raw-html": Meaning(
        "error",
        "A Markdown text holds an HTML tag or comment.",
        "Use Markdown, and put what only looks like a tag in backquotes.",
        wrong="text: It takes <name>.",
        right="text: It takes `<name>`.",
    ),
    "repeated-id": Meaning(
        "error",
        "Two things that need an address of their own have the same id.",
        "Rename the newer one, since the older may have been published. In a case, "
        "events, sources, sides and axes share one namespace, so a source is best "
        "named for what it is, as in merge-commit.",
        wrong="sources: {merge: …}\nevents: [{id: merge, …}]",
        right="sources: {merge-commit: …}\nevents: [{id: merge, …}]",
    ),
    "reserved-id": Meaning(
        "error",
        "An id is one that pages use for themselves.",
        "Choose another id; the message lists the reserved ones.",
        wrong="id: events",
        right="id: first-events",
    ),
    "reused-id": Meaning(
        "error",
        "An item has the id of one that moved, was split or withdrawn.",
        "Choose another id: who follows the old address looks for what was there. If it is the same"
        " thing again, take the state out of its line in the ledger.",
    ),
    "same-as": Meaning(
        "error",
        "same_as names an event that can't stand for this one.",
        "Name the event of another case that tells the same fact: it has the same date, and no "
        "same_as itself.",
        wrong="same_as: case/steep#first  # which has same_as: case/pour#first",
        right="same_as: case/pour#first",
    ),
    "refuted": Meaning(
        "warning",
        "The casebook's finding needs the patterns to be alike on an axis, and they no longer are.",
        "Read the finding in casebook.yml against the records again: write what they show now, and"
        " set the day in on. The page that compares all cases has the counts.",
    ),
    "sign": Meaning(
        "error",
        "A sign of a lesson is not in its wrong examples, is in a right one, or is no pattern.",
        "Correct the rule or the regular expression, so that it meets code that goes against the "
        "lesson and none that follows it. A sign that no wrong example shows needs an example of "
        "its own.",
        wrong="line: 'pour(\\('",
        right="line: 'pour\\('",
    ),
    "stale": Meaning(
        "warning",
        "A record was reviewed, or a source of it checked, longer ago than the casebook allows.",
        "Read the record again, check its sources, and set the new day in reviewed or "
        "checked. For commits abicase verify --record does so. The limit is "
        "stale_after_days in casebook.yml.",
    ),
    "syntax": Meaning(
        "error",
        "The file is not valid YAML.",
        "The message says what the YAML parser expected, at or just before that place. "
        "Most often a text with a colon and a blank in it needs quotation marks, or a "
        "line is not indented like its neighbours.",
        wrong="title: pour: a tool in the tree",
        right='title: "pour: a tool in the tree"',
    ),
    "reworded": Meaning(
        "error",
        "The words of a statement on the built site are not those that were published last.",
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
        "Remove the tag, or put the text in quotation marks if the exclamation mark "
        "belongs to it: every value is read as text and typed by its field.",
        wrong="release: !!str v2.1",
        right="release: v2.1",
    ),
    "taken-out": Meaning(
        "error",
        "A line of the ledger was taken out or its address changed, which the git history tells.",
        "Put the line back as it was. What was published stays in the ledger, whatever its state.",
    ),
    "template": Meaning(
        "error",
        "A template that the site brings could not be rendered.",
        "The message names the template and the line; compare it with the template of "
        "the same name that the package brings.",
    ),
    "text-check": Meaning(
        "warning",
        "An event's text was not read a second time against its sources, or has changed since.",
        "Read title, text and reading against each source, to find them wrong; fix what is; then "
        "abicase event checked CASE EVENT notes the day, the sources and the wording. The first "
        "kind of warning comes only where casebook.yml has second_readings: true.",
        wrong="text_checked: {on: 2026-11-27, against: [merge-commit], wording: 0f3c5a7e9b1d}",
        right="text_checked: {on: 2026-11-28, against: [merge-commit], wording: 4be1a90c77d2}",
    ),
    "too-deep": Meaning(
        "error",
        "The file nests lists and mappings deeper than any record does.",
        "Compare it with the record format: most often brackets are not closed, or "
        "lines are indented too far.",
    ),
    "unfinished": Meaning(
        "warning",
        "A draft still holds a TODO, or an id that begins with rename-me.",
        "Write what belongs there. What follows the TODO is a proposal: take out the word TODO to "
        "accept it. The draft can't be published before.",
        wrong="kind: TODO change",
        right="kind: change",
    ),
    "unknown-field": Meaning(
        "error",
        "A record has no such field.",
        "Probably a misspelling, or a field that belongs one level higher or lower; "
        "the message names the nearest field, or all that there are in that place.",
        wrong="reviewd: 2026-11-22",
        right="reviewed: 2026-11-22",
    ),
    "unknown-reference": Meaning(
        "error",
        "A reference leads to nothing.",
        "Fix the id, or add the item it names; the message says what was probably "
        "meant. Ids are the names of the files, and of a case's parts they are shown "
        "on its page. A repository lists, with its day, each release that records name, or "
        "it lists none, and then none is looked up. In a clone, git for-each-ref "
        "--format='  %(refname:short): %(creatordate:short)' refs/tags prints such a list.",
        wrong="for: [claim/fastr]",
        right="for: [claim/faster]",
    ),
    "unknown-word": Meaning(
        "error",
        "A value is none of the words that the field takes.",
        "Take one of the words that the message lists. Lanes and kinds of interface "
        "are listed in casebook.yml, the ratings of an axis in its record.",
        wrong="kind: merged",
        right="kind: merge",
    ),
    "unpublished": Meaning(
        "error",
        "The built site holds items that the ledger has no permalink for.",
        "Run abicase links publish on the branch that is published, and commit the ledger. An"
        " address that is not in it could be lost later without a word. On other branches, where"
        " ids may still change, abicase links check --allow-unpublished passes.",
    ),
    "unreadable": Meaning(
        "error",
        "The file or folder can't be read, or is a link or a device.",
        "Make it a plain file, or a folder, that you may read. Records are plain files; links and "
        "devices are not followed.",
    ),
    "untried-sign": Meaning(
        "warning",
        "A sign could not be tried on the examples, since ast-grep is not installed.",
        "Install it with pip install 'mkdocs-abicase[advise]', and check again.",
    ),
    "unused-source": Meaning(
        "error",
        "A source is cited by no event and no period.",
        "Name it under sources: of the event or period that it proves, or take it out.",
    ),
    "wrong-type": Meaning(
        "error",
        "A value has the wrong shape: a text for a list, a list for a mapping, and so on.",
        "The message says which shape the field has: a text, a list in brackets or "
        "with dashes, a mapping of names to values, a whole number, or true or false.",
        wrong="kinds: function",
        right="kinds: [function]",
    ),
    "unquoted": Meaning(
        "warning",
        "YAML reads a text otherwise than it was probably meant: it ends too early, is split, or"
        " holds what was to stand apart.",
        "Put the text in quotation marks, or below its field after >- (for lines that stay lines,"
        " after |-). A blank and # begin a comment, between brackets a comma ends an item, and null"
        " is no value.",
        wrong="surface: [void pour(int a, int b)]\ntext: See bug #34 for the rest.",
        right='surface: ["void pour(int a, int b)"]\ntext: "See bug #34 for the rest."',
    ),
}

assert set(CODES) == set(get_args(Code))
