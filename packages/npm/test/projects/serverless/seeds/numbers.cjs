// SPDX-License-Identifier: Apache-2.0
// More items than one BatchWriteItem takes.
module.exports = Array.from({ length: 60 }, (_, n) => ({ n }));
