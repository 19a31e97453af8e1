#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the passed, failed and skipped tests of JUnit reports, as three numbers.

The cases are counted here rather than taken from the report's own sums, since the suites count
differently: for Node.js, a suite inside a suite is one more test. A report that is
not there counts as 0: no test ran, or the run was ended before it could report.
"""

import sys
import xml.etree.ElementTree as xml

total = failed = skipped = 0
for report in sys.argv[1:]:
    try:
        cases = list(xml.parse(report).getroot().iter("testcase"))
    except (OSError, xml.ParseError):
        continue
    for case in cases:
        total += 1
        failed += any(case.find(kind) is not None for kind in ("failure", "error"))
        skipped += case.find("skipped") is not None
print(total - failed - skipped, failed, skipped)
