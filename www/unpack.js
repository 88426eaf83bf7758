"use strict";
// Unpacks LZMA, which browsers cannot: the program is a quarter smaller by it than by gzip.
//
// The format is that of `.lzma` files, after the LZMA specification in the public domain: 13 bytes of
// head, then decisions between two branches, each coded by how probable it was until then.

/** The bytes that `packed` was made from. */
globalThis.unpack = (packed) => {
  const N_STATES = 12, N_LENGTH = 2 + 16 * 8 * 2 + 256, EVEN = 1024;
  const head = new DataView(packed.buffer, packed.byteOffset, 13);
  const lc = packed[0] % 9, lp = Math.floor(packed[0] / 9) % 5, pb = Math.floor(packed[0] / 45);
  const size = head.getUint32(5, true);
  // Sizes over 4 GiB and unknown ones are not ours.
  if (packed[0] >= 225 || head.getUint32(9, true) !== 0) throw new Error("the program is damaged");
  const out = new Uint8Array(size);

  // Where the probabilities of each kind of decision begin.
  const MATCH = 0, REP = MATCH + N_STATES * 16, REP0 = REP + N_STATES, REP1 = REP0 + N_STATES;
  const REP2 = REP1 + N_STATES, REP0_LONG = REP2 + N_STATES, SLOT = REP0_LONG + N_STATES * 16;
  const SPECIAL = SLOT + 4 * 64, ALIGN = SPECIAL + 128, LENGTH = ALIGN + 16;
  const REP_LENGTH = LENGTH + N_LENGTH, LITERAL = REP_LENGTH + N_LENGTH;
  const odds = new Uint16Array(LITERAL + (0x300 << (lc + lp))).fill(EVEN);

  let at = 18, range = -1, code = new DataView(packed.buffer, packed.byteOffset + 14, 4).getInt32(0);

  function bit(which) {
    const odd = odds[which];
    const bound = Math.imul(range >>> 11, odd);
    let value = 0;
    if ((code >>> 0) < (bound >>> 0)) {
      range = bound;
      odds[which] = odd + ((2048 - odd) >> 5);
    } else {
      range = (range - bound) | 0;
      code = (code - bound) | 0;
      odds[which] = odd - (odd >> 5);
      value = 1;
    }
    if ((range & 0xff000000) === 0) {
      range <<= 8;
      code = (code << 8) | packed[at++];
    }
    return value;
  }

  /** Bits that are as probable as their opposites. */
  function direct(count) {
    let value = 0;
    for (; count > 0; count--) {
      range >>>= 1;
      const over = (code >>> 0) >= (range >>> 0);
      if (over) code = (code - range) | 0;
      value = (value << 1) | (over ? 1 : 0);
      if ((range & 0xff000000) === 0) {
        range <<= 8;
        code = (code << 8) | packed[at++];
      }
    }
    return value;
  }

  function tree(base, count) {
    let node = 1;
    for (let left = count; left > 0; left--) node = (node << 1) | bit(base + node);
    return node - (1 << count);
  }

  function reverseTree(base, count) {
    let node = 1, value = 0;
    for (let i = 0; i < count; i++) {
      const one = bit(base + node);
      node = (node << 1) | one;
      value |= one << i;
    }
    return value;
  }

  function length(base, posState) {
    if (bit(base) === 0) return 2 + tree(base + 2 + posState * 8, 3);
    if (bit(base + 1) === 0) return 10 + tree(base + 2 + 128 + posState * 8, 3);
    return 18 + tree(base + 2 + 256, 8);
  }

  function distance(len) {
    const slot = tree(SLOT + Math.min(len - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const count = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << count;
    if (slot < 14) return base + reverseTree(SPECIAL + base - slot, count);
    return base + (direct(count - 4) << 4) + reverseTree(ALIGN, 4);
  }

  let state = 0, rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0, done = 0;
  while (done < size) {
    const posState = done & ((1 << pb) - 1);
    if (bit(MATCH + state * 16 + posState) === 0) {
      const before = done > 0 ? out[done - 1] : 0;
      const base = LITERAL + 0x300 * (((done & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
      let node = 1;
      if (state >= 7) {
        // After a match the byte is seldom the one that went on with it.
        let match = out[done - rep0 - 1];
        while (node < 0x100) {
          const expected = (match >> 7) & 1;
          match <<= 1;
          const one = bit(base + ((1 + expected) << 8) + node);
          node = (node << 1) | one;
          if (one !== expected) break;
        }
      }
      while (node < 0x100) node = (node << 1) | bit(base + node);
      out[done++] = node;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let len;
    if (bit(REP + state) === 0) {
      rep3 = rep2; rep2 = rep1; rep1 = rep0;
      len = length(LENGTH, posState);
      rep0 = distance(len);
      state = state < 7 ? 7 : 10;
    } else {
      if (bit(REP0 + state) === 0) {
        if (bit(REP0_LONG + state * 16 + posState) === 0) {
          out[done] = out[done - rep0 - 1];
          done++;
          state = state < 7 ? 9 : 11;
          continue;
        }
      } else if (bit(REP1 + state) === 0) {
        [rep0, rep1] = [rep1, rep0];
      } else if (bit(REP2 + state) === 0) {
        [rep0, rep1, rep2] = [rep2, rep0, rep1];
      } else {
        [rep0, rep1, rep2, rep3] = [rep3, rep0, rep1, rep2];
      }
      len = length(REP_LENGTH, posState);
      state = state < 7 ? 8 : 11;
    }
    if (rep0 >= done || done + len > size) throw new Error("the program is damaged");
    for (let from = done - rep0 - 1; len > 0; len--) out[done++] = out[from++];
  }
  return out;
};
