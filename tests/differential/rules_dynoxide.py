# SPDX-License-Identifier: Apache-2.0
"""The rules for Dynoxide 3.2.0, which has the newer texts and checks expressions late."""

from .common_rules import common_rules
from .dynoxide_answers import ANSWERS
from .dynoxide_texts import TEXTS

RULES = ANSWERS + TEXTS + common_rules("dynoxide")
