// SPDX-License-Identifier: Apache-2.0
// It fails at its import, so that nothing that is to run after its tests does.
import { running } from '../running.js';

process.stdout.write(`running ${running()} of ${process.env.AWS_PROFILE}\n`);
throw new Error('as it was told to');
