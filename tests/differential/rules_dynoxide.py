# SPDX-License-Identifier: Apache-2.0
"""The rules for Dynoxide 3.2.0, which has the newer texts and checks expressions late."""

from .common_partiql import partiql_rules
from .common_rules import common_rules
from .common_transactions import transaction_rules
from .dynoxide_answers import ANSWERS
from .dynoxide_partiql import PARTIQL_RULES
from .dynoxide_texts import TEXTS
from .dynoxide_transactions import TRANSACTION_RULES

RULES = ANSWERS + TEXTS + TRANSACTION_RULES + PARTIQL_RULES
RULES += common_rules("dynoxide") + partiql_rules("dynoxide") + transaction_rules("dynoxide")
