# SPDX-License-Identifier: Apache-2.0
"""Two hours of tests/trigger_soak, of which scripts/nightly runs two days."""

import pytest
from trigger_soak.__main__ import main


@pytest.mark.timeout(180)
def test_triggers_keep_their_promises_while_functions_fail_and_the_server_is_killed(weir_binary):
    options = ["--hours", "2", "--kills", "2", "--seed", "1", "--quick"]
    assert main(["--weir", str(weir_binary), *options]) == 0
