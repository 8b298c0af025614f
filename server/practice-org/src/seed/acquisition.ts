import type { Row } from './account.ts'
import type { Chance } from '../org/chance.ts'

/** Leaves the traces of a sale on the row of a company that another one bought: in its name, site or description. */
export function acquire(bought: Row, buyer: Row, chance: Chance): void {
  const [name, by] = [String(bought['Name']), String(buyer['Name'])]
  const trace = chance.between(1, 4)
  if (trace === 1) bought['Name'] = `${name} (a ${by} company)`
  if (trace === 2) bought['Name'] = `${name} - part of ${by}`
  // The site of the bought company now leads to its buyer's.
  if (trace === 3) bought['Website'] = buyer['Website'] ?? null
  bought['Description'] = `Acquired by ${by}.`
  bought['Ownership'] = 'Subsidiary'
}
