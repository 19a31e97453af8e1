# SPDX-License-Identifier: Apache-2.0
"""What bench/compare is made of; that script tells how to use it."""
