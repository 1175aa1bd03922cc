"""The strips of the claims, their groups, and their origins."""

from __future__ import annotations

import dataclasses
import itertools
from types import MappingProxyType

import pytest

from abicase.catalogue.model import Catalogue
from abicase.schema.addresses import Site
from abicase.views.claim_list import claim_groups, origins
from abicase.views.pages import pages
from abicase.views.replies import Replies
from abicase.views.strips import COLUMN, GAP, WIDTH, strips
from abicase.views.witnesses import BothSides
from conftest import real


def with_cases(count: int) -> Catalogue:
    """Return our casebook with ``count`` cases, some of them several times."""
    catalogue = real()
    cases = list(catalogue.cases.values())
    many = {
        f"{case.id}-{number}": case.model_copy(update={"id": f"{case.id}-{number}"})
        for number in range(-(-count // len(cases)))
        for case in cases
    }
    some = dict(list(many.items())[:count])
    return dataclasses.replace(catalogue, cases=MappingProxyType(some))


@pytest.mark.parametrize("count", [1, 3, 13, 19, 60])
def test_every_case_has_a_column_of_its_own(count: int) -> None:
    catalogue = with_cases(count)
    layout = strips(catalogue)
    assert sorted(one.case.id for one in layout.columns) == sorted(catalogue.cases)
    assert layout.width <= WIDTH + GAP
    places = [one.x for one in layout.columns]
    for one, following in itertools.pairwise(places):
        assert following - one >= layout.side, "squares do not touch"
    assert places[-1] + layout.side / 2 <= layout.width + 0.1
    assert layout.column <= COLUMN
    named = [one for one in layout.columns if one.label]
    assert len(named) == (count if count <= 20 else 0)
    assert {one.label for one in named} <= {one.case.name for one in named}, "none is cut"
    assert (layout.head > 20) == bool(named)


def test_a_case_is_a_square_or_a_dot() -> None:
    catalogue = real()
    layout = strips(catalogue)
    for evidence in catalogue.evidence.values():
        cases = {witness.case.id for witness in evidence.speaking_for}
        assert layout.squares(cases).count("M") == len(cases)
        assert layout.dots(cases).count("M") == len(catalogue.cases) - len(cases)


def test_each_claim_is_in_one_group() -> None:
    catalogue = real()
    groups = claim_groups(catalogue)
    listed = [claim for group in groups for claim in group.claims]
    assert sorted(listed) == sorted(catalogue.claims)
    for group in groups:
        for id_ in group.claims:
            claim = catalogue.claims[id_]
            assert (claim.pattern, claim.stance) == (group.pattern, group.stance)
    assert claim_groups(dataclasses.replace(catalogue, claims=MappingProxyType({}))) == ()


def test_origins_are_in_order_of_time_and_named_by_their_claims() -> None:
    catalogue = real()
    found = origins(catalogue)
    assert found
    dates = [catalogue.items[f"case/{one.case}#{one.event}"].value.date.order for one in found]
    assert dates == sorted(dates)
    named = {
        (id_, one.reference)
        for id_ in catalogue.claims
        for one in catalogue.origin(catalogue.claims[id_])
        if one.event.kind in ("proposal", "review", "refusal", "comment")
    }
    assert named == {
        (claim, f"case/{one.case}#{one.event}") for one in found for claim in one.claims
    }


def test_a_claim_shows_first_what_its_summary_names() -> None:
    catalogue = real()
    claims = {page.record: page for page in pages(catalogue) if page.template == "claim.md.jinja"}
    assert len(claims) == len(catalogue.claims)
    for id_, claim in catalogue.claims.items():
        sides = claims[f"claim/{id_}"].context["sides"]
        assert isinstance(sides, BothSides)
        named = set(catalogue.named(claim))
        for side in (sides.speaking_for, sides.speaking_against):
            counted = {(one.case, one.event) for one in (*side.first, *side.more)}
            cases = {case for case, event in counted if f"case/{case}#{event}" in named}
            shown = {one.case for one in side.first if f"case/{one.case}#{one.event}" in named}
            assert len(shown) == min(3, len(cases)), id_


def test_a_reply_cites_first_what_the_summary_of_a_claim_names() -> None:
    catalogue = real()
    item = catalogue.items["claim/better-abis"]
    witnesses = catalogue.evidence[item.reference].speaking_for
    counted = {witness.reference for witness in witnesses}
    named = [one for one in catalogue.named(item.value) if one in counted]
    (first,) = Replies(catalogue, Site()).strongest(witnesses, 1, item)
    assert first.reference == named[0]
