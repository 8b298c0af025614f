/** The first value of `a` that `b` has as well, with its partner; undefined when there is none. */
export function meeting<T>(a: readonly T[], b: readonly T[], key: (each: T) => string): [T, T] | undefined {
  for (const x of a) {
    const y = b.find((each) => key(each) === key(x))
    if (y) return [x, y]
  }
  return undefined
}
