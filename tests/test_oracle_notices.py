"""The comparison with the oracle notices rules that are off by one.

Each case has the engine work with one setting changed behind the oracle's back; some
random base has to show it. A case that passes unnoticed is a rule nobody checks.
"""

import logging
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from tests.support.oracle_case import OracleCase
from tests.test_oracle_random import QUICK, RandomBases, histories

_logger = logging.getLogger(__name__)
BROKEN = {
    "regular one purchase later": lambda p: {"regular_count": p.regular_count + 1},
    "partner one purchase later": lambda p: {"partner_count": p.partner_count + 1},
    "partner a day later": lambda p: {"partner_days": p.partner_days + 1},
    "lost a day later": lambda p: {
        "lost_min_days": p.lost_min_days + 1,
        "lost_days": p.lost_days + 1,
    },
    "lost by another rhythm": lambda p: {
        "lost_rhythm_factor": p.lost_rhythm_factor + 0.5
    },
    "window a day longer": lambda p: {"window_days": p.window_days + 1},
    "new a day longer": lambda p: {"newcomer_days": p.newcomer_days + 1},
    "days of another zone": lambda p: {"tz": "Pacific/Pago_Pago"},
    "quotations the other way": lambda p: {
        "quotation_is_agreement": not p.quotation_is_agreement
    },
    "classes by other limits": lambda p: {"abc_a_limit": p.abc_a_limit - 20},
    "stale a day later": lambda p: {"potential_stale_days": p.potential_stale_days + 1},
    "coarse amounts": lambda p: {"rounding": 1.0},
    "leads of no company": lambda p: {"one_company": not p.one_company},
}


class TestNotices(RandomBases, OracleCase):
    companies = 2

    @pytest.mark.slow
    def test_a_broken_rule_is_noticed(self):
        for name, changes in BROKEN.items():
            with self.subTest(name):
                count = self._examples_until_noticed(changes)
                _logger.info("%s: noticed after %s examples", name, count)

    def _examples_until_noticed(self, changes):
        engine_class = type(self.engine)
        original = engine_class._get_parameters
        examples = []

        def broken(engine, *args, **kwargs):
            parameters = original(engine, *args, **kwargs)
            return replace(parameters, **changes(parameters))

        @settings(QUICK, max_examples=150)
        @given(histories)
        def whole_life(history):
            examples.append(history)
            self.whole_life(history)

        with patch.object(engine_class, "_get_parameters", broken):
            with self.assertRaises(AssertionError):
                whole_life()
        return len(examples)
