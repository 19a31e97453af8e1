# SPDX-License-Identifier: Apache-2.0
"""The modules of bench/compare. Its docstring says how to use it."""
