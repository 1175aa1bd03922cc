"""All rules, in order, and the function that runs them."""

from __future__ import annotations

from abicase.lint.addresses import (
    address_patterns_have_their_placeholders,
    documents_can_be_linked,
    links_are_https,
    sources_can_be_linked,
)
from abicase.lint.age import nothing_is_stale
from abicase.lint.dates import dates_are_in_order, releases_are_dated
from abicase.lint.drafts import nothing_rests_on_a_draft
from abicase.lint.evidence import lessons_have_evidence
from abicase.lint.findings import findings_are_complete, the_main_finding_holds
from abicase.lint.house_style import texts_keep_to_the_house_style
from abicase.lint.ids import ids_are_unique, parts_have_ids_of_their_own
from abicase.lint.interfaces import interfaces_have_a_place
from abicase.lint.lessons import examples_fit_their_page, replies_name_a_commit
from abicase.lint.measurements import numbers_are_those_counted
from abicase.lint.names import names_resolve, nothing_is_named_twice, with_hints
from abicase.lint.pairs import pairs_are_named_after_their_cases
from abicase.lint.permalinks import published_items_are_there
from abicase.lint.placeholders import nothing_is_left_to_fill_in
from abicase.lint.records import RecordSet, may_be_draft
from abicase.lint.rule import Rule
from abicase.lint.second_readings import texts_are_read_twice
from abicase.lint.sources import statements_have_sources
from abicase.lint.texts import texts_are_safe
from abicase.lint.turning_points import turning_points_are_in_order
from abicase.lint.witnesses import (
    one_event_tells_the_fact,
    origins_are_not_counted,
    two_sided_links_have_reasons,
)
from abicase.problems.problem import Problem
from abicase.source.reading import Entry

ENTRY_RULES: tuple[Rule[[RecordSet, Entry]], ...] = (
    texts_are_safe,
    texts_keep_to_the_house_style,
    names_resolve,
    parts_have_ids_of_their_own,
    nothing_is_named_twice,
    statements_have_sources,
    sources_can_be_linked,
    numbers_are_those_counted,
    interfaces_have_a_place,
    links_are_https,
    findings_are_complete,
    dates_are_in_order,
    examples_fit_their_page,
    replies_name_a_commit,
    documents_can_be_linked,
    turning_points_are_in_order,
    nothing_rests_on_a_draft,
    nothing_is_left_to_fill_in,
)
"""The rules that look at one record at a time."""

SET_RULES: tuple[Rule[[RecordSet]], ...] = (
    ids_are_unique,
    releases_are_dated,
    lessons_have_evidence,
    two_sided_links_have_reasons,
    origins_are_not_counted,
    one_event_tells_the_fact,
    pairs_are_named_after_their_cases,
    the_main_finding_holds,
    nothing_is_stale,
    texts_are_read_twice,
    address_patterns_have_their_placeholders,
    published_items_are_there,
)
"""The rules that look at all records together."""


def check(records: RecordSet) -> list[Problem]:
    """Run every rule on every record; return all problems, the reading's included, sorted."""
    drafts = {entry.document.file for entry in records.every() if may_be_draft(entry)}
    found = [
        problem
        for entry in records.every()
        for rule in ENTRY_RULES
        if rule.looks_at(entry.kind)
        for problem in rule.check(records, entry)
        if not (problem.code in rule.finished and problem.file in drafts)
    ]
    found += [
        problem
        for rule in SET_RULES
        for problem in rule.check(records)
        if not (problem.code in rule.finished and problem.file in drafts)
    ]
    return sorted({*with_hints(records), *found})
