/** Items of a line of a data table, separated by bars. */
export const byBars = (line: string): string[] => line.split('|').map((item) => item.trim())

/** Words of a line of a data table, separated by blanks. */
export const byBlanks = (line: string): string[] => line.split(' ').filter((word) => word !== '')
