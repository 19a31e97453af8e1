// SPDX-License-Identifier: Apache-2.0
// Actions of TransactWriteItems and TransactGetItems, and checks of canceled transactions. A `table`
// is a name or an ARN.

import assert from 'node:assert/strict';

import { dynamodb } from './clients.js';
import { refused } from './errors.js';

export const EXISTS = 'attribute_exists(pk)';
export const ABSENT = 'attribute_not_exists(pk)';

// Reasons of canceled transactions.
export const NONE = { Code: 'None' };
export const FAILED = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
export const reason = (message) => ({ Code: 'ValidationError', Message: message });

export const TWICE = 'Transaction request cannot include multiple operations on one item';

export const put = (table, item, more) => ({ Put: { TableName: table, Item: item, ...more } });
export const del = (table, key, more) => ({ Delete: { TableName: table, Key: key, ...more } });
export const get = (table, key, more) => ({ Get: { TableName: table, Key: key, ...more } });
export const check = (table, key, condition = EXISTS, more = {}) => ({
  ConditionCheck: { TableName: table, Key: key, ConditionExpression: condition, ...more },
});
export const update = (table, key, expression, values, more) => ({
  Update: {
    TableName: table,
    Key: key,
    UpdateExpression: expression,
    ExpressionAttributeValues: values,
    ...more,
  },
});

export const write = (TransactItems, more) =>
  dynamodb.transactWriteItems({ TransactItems, ...more });
export const read = (TransactItems, more) => dynamodb.transactGetItems({ TransactItems, ...more });

/** Awaits a call that must be canceled for exactly these reasons. */
export async function canceled(call, ...reasons) {
  const codes = reasons.map(({ Code: code }) => code).join(', ');
  const error = await refused(
    call,
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
  );
  assert.deepEqual(error.CancellationReasons, reasons);
}
