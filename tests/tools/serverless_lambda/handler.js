// SPDX-License-Identifier: Apache-2.0
const failed = new Set();

/** Fails at the first look at an item whose id begins with `bad`. */
exports.print = async ({ Records }, context) => {
  for (const { eventName, eventSourceARN, dynamodb } of Records) {
    const id = dynamodb.Keys.id.S;
    console.log(`handled ${eventName} ${id} of ${eventSourceARN.split('/')[1]}`);
    if (id.startsWith('bad') && !failed.has(id)) {
      failed.add(id);
      throw new RangeError(`cannot read ${id}`);
    }
  }
  return { function: context.functionName, records: Records.length };
};
