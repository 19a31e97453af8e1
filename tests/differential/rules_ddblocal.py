# SPDX-License-Identifier: Apache-2.0
"""The rules for DynamoDB Local 3.3.1, which still has the service's older validation layer."""

from .common_partiql import partiql_rules
from .common_rules import common_rules
from .common_transactions import transaction_rules
from .ddblocal_answers import ANSWERS
from .ddblocal_expressions import EXPRESSIONS
from .ddblocal_members import MEMBERS
from .ddblocal_partiql import PARTIQL_RULES
from .ddblocal_statements import STATEMENT_RULES
from .ddblocal_tables import TABLE_TEXTS, TABLES
from .ddblocal_transactions import TRANSACTION_RULES
from .ddblocal_values import VALUES

RULES = ANSWERS + TABLES + TABLE_TEXTS + MEMBERS + VALUES + EXPRESSIONS + TRANSACTION_RULES
RULES += PARTIQL_RULES + STATEMENT_RULES
RULES += common_rules("ddblocal") + partiql_rules("ddblocal") + transaction_rules("ddblocal")
