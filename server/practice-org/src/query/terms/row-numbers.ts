// Row numbers of a query, packed.

/** Numbers (`_n`) of rows; four bytes each, so that a million of them may wait. Those of shares take eight. */
export type KeptRows = Uint32Array | Float64Array

/** Numbers at hand, packed. */
export const packed = (numbers: readonly number[]): KeptRows =>
  numbers.some((n) => n > MOST) ? Float64Array.from(numbers) : Uint32Array.from(numbers)

const MOST = 2 ** 32 - 1
