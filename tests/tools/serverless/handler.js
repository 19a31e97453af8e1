// SPDX-License-Identifier: Apache-2.0
exports.print = async ({ Records }) => {
  for (const { eventName, dynamodb } of Records) {
    console.log(`handled ${eventName} ${dynamodb.Keys.id.S}`);
  }
};
