"""Quality against price, and the frontier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llmhub_server.page.frontier import Point, chart, frontier, steps

POINTS = st.lists(
    st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda pair: (pair[0] / 10, 1000.0 + pair[1])), max_size=30
).map(
    lambda pairs: [
        Point(id=f"p:{number}", name=None, provider="p", price=price, score=score)
        for number, (price, score) in enumerate(pairs)
    ]
)


def betters(one: Point, other: Point) -> bool:
    return (
        one.price <= other.price and one.score >= other.score and (one.price < other.price or one.score > other.score)
    )


@given(POINTS)
def test_no_point_betters_one_of_the_frontier(points) -> None:
    assert not [(one, best) for best in frontier(points) for one in points if betters(one, best)]


@given(POINTS)
def test_each_other_point_is_bettered_by_one_of_the_frontier_or_equals_it(points) -> None:
    best = frontier(points)
    for one in points:
        if one not in best:
            assert any(
                betters(leader, one) or (leader.price, leader.score) == (one.price, one.score) for leader in best
            )


@given(POINTS, st.randoms())
def test_the_frontier_is_the_same_in_whatever_order_the_points_come(points, chance) -> None:
    shuffled = list(points)
    chance.shuffle(shuffled)
    assert frontier(shuffled) == frontier(points)
    assert frontier(frontier(points)) == frontier(points)


@given(POINTS)
def test_the_line_of_the_frontier_never_falls(points) -> None:
    line = steps(frontier(points))
    assert line == sorted(line)


def test_models_without_a_place_are_counted_and_not_placed(few_models) -> None:
    found = chart(few_models, 3.0)
    assert "office:planned" not in [point.id for point in found.points]
    assert "office:old" not in [point.id for point in found.points]
    assert (found.unrated, found.unpriced, found.neither, found.free) == (1, 2, 1, 0)
    assert len(found.points) == 6


def test_a_point_has_the_date_and_the_interval_of_its_rating(few_models) -> None:
    point = next(point for point in chart(few_models, 3.0).points if point.id == "openai:gpt-4.1")
    assert (point.price, point.score, point.low, point.high, point.date) == (3.5, 1412.0, 1407.0, 1417.0, "2026-05-20")
