// SPDX-License-Identifier: Apache-2.0
import './first.test.js';
