"""The weights of the second opinion are those that training on development gold gives: anybody can make them again."""

from __future__ import annotations

import json

import pytest

from bench.train_weights import LEAST_WEIGHT, WEIGHTS, examples, train

TOLERANCE = 0.03  # libraries of other machines round otherwise


def test_training_gives_the_weights_that_are_shipped() -> None:
    shipped = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    trained = train(examples())
    for name in shipped.keys() | trained.keys():
        most = TOLERANCE if name in shipped and name in trained else LEAST_WEIGHT + TOLERANCE
        assert shipped.get(name, 0.0) == pytest.approx(trained.get(name, 0.0), abs=most), name


def test_the_model_is_trained_on_right_and_wrong_drafts() -> None:
    seen = examples()
    assert len(seen.features) == len(seen.is_event) == len(seen.articles) == len(seen.languages)
    assert 0.5 < sum(seen.is_event) / len(seen.is_event) < 0.95
    assert sum(seen.is_event) <= seen.events
    assert all(0.0 <= value <= 2.0 for row in seen.features for value in row.values())
