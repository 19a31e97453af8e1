// SPDX-License-Identifier: Apache-2.0
// A function that logs what was done to which item of a table.

export async function handler(event) {
  for (const { eventName, dynamodb } of event.Records) {
    console.log(eventName, dynamodb.Keys, '->', dynamodb.NewImage);
  }
}
