// Formula fields: a small part of an org's formula language, over the fields of one record.
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import type { Row, Stored } from './row.ts'

type Worth = Stored | boolean
type Compute = (fieldOf: (name: string) => Worth) => Worth

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(<>|<=|>=|!=|&&|\|\||[-+*/&=<>(),!]))/y
const compiled = new Map<string, Compute>()

/** What a formula field of a record is worth; blank when its parts do not fit together. */
export function formulaValue(object: ObjectDef, field: FieldDef, row: Row): Stored {
  const text = field.formula ?? ''
  const known = compiled.get(text) ?? new Parser(text).whole()
  compiled.set(text, known)
  const worth = known((name) => {
    const named = object.byName.get(name.toLowerCase())
    if (!named) throw new Error(`the formula of ${object.name}.${field.name} names an unknown field ${name}`)
    const value = row[named.name] ?? null
    return named.type === 'boolean' ? value === 1 : value
  })
  if (typeof worth === 'boolean') return Number(worth)
  if (typeof worth === 'number' && field.scale !== undefined) return Number(worth.toFixed(field.scale))
  return worth === '' || (typeof worth === 'number' && !Number.isFinite(worth)) ? null : worth
}

const text = (worth: Worth): string => (worth === null ? '' : String(worth))
const truth = (worth: Worth): boolean => worth === true || worth === 1
const blank = (worth: Worth): boolean => worth === null || worth === ''

/** Numbers of a sum or product; a blank part makes the whole blank, as formulas do that do not treat blanks as zero. */
function counted(a: Worth, b: Worth, work: (a: number, b: number) => number): Worth {
  return typeof a === 'number' && typeof b === 'number' ? work(a, b) : null
}

const OPERATORS: Record<string, (a: Worth, b: Worth) => Worth> = {
  '||': (a, b) => truth(a) || truth(b),
  '&&': (a, b) => truth(a) && truth(b),
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a !== null && b !== null && a < b,
  '<=': (a, b) => a !== null && b !== null && a <= b,
  '>': (a, b) => a !== null && b !== null && a > b,
  '>=': (a, b) => a !== null && b !== null && a >= b,
  '&': (a, b) => text(a) + text(b),
  '+': (a, b) => (typeof a === 'string' || typeof b === 'string' ? text(a) + text(b) : counted(a, b, (x, y) => x + y)),
  '-': (a, b) => counted(a, b, (x, y) => x - y),
  '*': (a, b) => counted(a, b, (x, y) => x * y),
  '/': (a, b) => counted(a, b, (x, y) => x / y),
}
/** Loosest first. */
const LEVELS = [['||'], ['&&'], ['=', '<>', '!=', '<', '<=', '>', '>='], ['&', '+', '-'], ['*', '/']]

const FUNCTIONS: Record<string, (...parts: Worth[]) => Worth> = {
  IF: (test = null, yes = null, no = null) => (truth(test) ? yes : no),
  AND: (...parts) => parts.every(truth),
  OR: (...parts) => parts.some(truth),
  NOT: (part = null) => !truth(part),
  ISBLANK: (part = null) => blank(part),
  ISPICKVAL: (a = null, b = null) => text(a) === text(b),
  BLANKVALUE: (part = null, other = null) => (blank(part) ? other : part),
  TEXT: (part = null) => text(part),
  UPPER: (part = null) => text(part).toUpperCase(),
  LOWER: (part = null) => text(part).toLowerCase(),
  LEN: (part = null) => text(part).length,
  ROUND: (part = null, digits = null) => counted(part, digits, (x, n) => Math.round(x * 10 ** n) / 10 ** n),
  ABS: (part = null) => counted(part, 0, (x) => Math.abs(x)),
}
const CONSTANTS: Record<string, Worth> = { TRUE: true, FALSE: false, NULL: null }

/** Turns a formula into a function once; an Error names what it does not understand (the files are the program's own). */
class Parser {
  private readonly tokens: { kind: 'number' | 'text' | 'name' | 'sign'; text: string }[] = []
  private at = 0

  constructor(formula: string) {
    TOKEN.lastIndex = 0
    const source = formula.trimEnd()
    while (TOKEN.lastIndex < source.length) {
      const start = TOKEN.lastIndex
      const [, number, string, name, sign] = TOKEN.exec(source) ?? []
      if (number !== undefined) this.tokens.push({ kind: 'number', text: number })
      else if (string !== undefined) this.tokens.push({ kind: 'text', text: string.replace(/\\(.)/g, '$1') })
      else if (name !== undefined) this.tokens.push({ kind: 'name', text: name })
      else if (sign !== undefined) this.tokens.push({ kind: 'sign', text: sign })
      else throw new Error(`a formula has something odd at ${start}: ${formula}`)
    }
  }

  whole(): Compute {
    const result = this.level(0)
    if (this.at < this.tokens.length) throw new Error(`a formula goes on with ${this.tokens[this.at]?.text ?? ''}`)
    return result
  }

  private sign(...wanted: string[]): string | undefined {
    const token = this.tokens[this.at]
    if (token?.kind !== 'sign' || !wanted.includes(token.text)) return undefined
    this.at += 1
    return token.text
  }

  private level(n: number): Compute {
    const signs = LEVELS[n]
    if (!signs) return this.single()
    let left = this.level(n + 1)
    for (let found = this.sign(...signs); found !== undefined; found = this.sign(...signs)) {
      const [before, after, work] = [left, this.level(n + 1), OPERATORS[found]]
      left = (fieldOf) => work?.(before(fieldOf), after(fieldOf)) ?? null
    }
    return left
  }

  private single(): Compute {
    if (this.sign('-')) {
      const part = this.single()
      return (fieldOf) => counted(0, part(fieldOf), (x, y) => x - y)
    }
    if (this.sign('!')) {
      const part = this.single()
      return (fieldOf) => !truth(part(fieldOf))
    }
    if (this.sign('(')) {
      const part = this.level(0)
      if (!this.sign(')')) throw new Error('a formula lacks a closing bracket')
      return part
    }
    const token = this.tokens[this.at++]
    if (token?.kind === 'number') return () => Number(token.text)
    if (token?.kind === 'text') return () => token.text
    if (token?.kind === 'name') return this.named(token.text)
    throw new Error(`a formula ends too early or has ${token?.text ?? 'nothing'} where a value should be`)
  }

  private named(name: string): Compute {
    const upper = name.toUpperCase()
    if (!this.sign('(')) return upper in CONSTANTS ? () => CONSTANTS[upper] ?? null : (fieldOf) => fieldOf(name)
    const work = FUNCTIONS[upper]
    if (!work) throw new Error(`a formula calls ${name}, which is not offered`)
    const parts: Compute[] = []
    if (this.sign(')')) return () => work()
    do parts.push(this.level(0))
    while (this.sign(','))
    if (!this.sign(')')) throw new Error('a formula lacks a closing bracket')
    return (fieldOf) => work(...parts.map((part) => part(fieldOf)))
  }
}
