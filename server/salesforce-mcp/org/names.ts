/** Name of a piece of the package's metadata in this org, e.g. `Mission_Receipt__c` or `ns__Mission_Receipt__c`. */
export function packaged(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}__${name}`
}

/** Names without repeats in any case: an org refuses a field selected twice. */
export function distinctNames(names: Iterable<string>): string[] {
  const byName = new Map<string, string>()
  for (const name of names) if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), name)
  return [...byName.values()]
}
