/** For the end of a switch over a union: a member without a case does not compile, and at run time is an error. */
export function assertNever(value: never): never {
  throw new TypeError(`no case for ${JSON.stringify(value)}`)
}
