// SPDX-License-Identifier: Apache-2.0
// Short spellings of DynamoDB's typed values: M({ a: N(1), b: L(S('x'), NULL) }).

export const S = (text) => ({ S: text });

/** A number; pass text where the digits matter. */
export const N = (number) => ({ N: String(number) });

export const B = (...bytes) => ({ B: Uint8Array.of(...bytes) });

export const BOOL = (flag) => ({ BOOL: flag });

export const NULL = Object.freeze({ NULL: true });

export const SS = (...elements) => ({ SS: elements });

export const NS = (...elements) => ({ NS: elements.map(String) });

/** A binary set; each element is a list of bytes. */
export const BS = (...elements) => ({ BS: elements.map((bytes) => Uint8Array.from(bytes)) });

export const L = (...elements) => ({ L: elements });

export const M = (members = {}) => ({ M: members });

/** `leaf` inside as many nested maps as `levels` says. */
export function nested(levels, leaf) {
  let value = leaf;
  for (let level = 0; level < levels; level += 1) value = M({ a: value });
  return value;
}
