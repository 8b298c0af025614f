/** Objects by the first three characters of their records' ids, for those whose prefix is the same in every org. */
const PREFIXES: Readonly<Record<string, string>> = {
  '001': 'Account',
  '003': 'Contact',
  '005': 'User',
  '006': 'Opportunity',
  '00Q': 'Lead',
  '00G': 'Group',
  '00T': 'Task',
  '500': 'Case',
}

/** The object of a record; blank where the prefix does not tell. */
export const objectOfId = (id: string): string => PREFIXES[id.slice(0, 3)] ?? ''
