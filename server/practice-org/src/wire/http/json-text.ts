// JSON as an org writes it: on one line, or laid out for people when a caller asks for that.

/** @param pretty `X-PrettyPrint: 1`: a line for each member, `{ }` and `[ ]` for nothing, as Jackson lays values out */
export const jsonText = (value: unknown, pretty: boolean): string =>
  pretty ? laidOut(JSON.parse(JSON.stringify(value)), '') : JSON.stringify(value)

function laidOut(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((each) => laidOut(each, indent)).join(', ')} ]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const members = Object.entries(value).map(
    ([name, each]) => `${inner}${JSON.stringify(name)} : ${laidOut(each, inner)}`,
  )
  return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`
}
