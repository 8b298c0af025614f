import { z } from 'zod'
import { automationSchema, type AutomationRules } from '../rules/rules.ts'
import type { Org } from '../org/org.ts'
import { readText, writeSecret } from '../org/secret-file.ts'
import { FaultState } from './fault.ts'

const FILE = 'orders.json'

const Orders = z.strictObject({
  faults: z.array(FaultState).default([]),
  searchLagSeconds: z.number().default(0),
  automation: automationSchema.nullable().default(null),
})
type Orders = z.infer<typeof Orders>

/** The file of orders is no such file. */
export class OrdersFileError extends Error {
  readonly folder: string
  constructor(folder: string, reason: string) {
    super(`${folder}/${FILE}: ${reason}`)
    this.name = 'OrdersFileError'
    this.folder = folder
  }
}

/** What was ordered to go wrong and how the org shall push back, as far as it is used up: in `dataDir`, so that it outlives the process. */
export class KeptOrders {
  private readonly dataDir: string | null
  private orders: Orders

  /** Throws OrdersFileError. */
  constructor(dataDir: string | null) {
    this.dataDir = dataDir
    this.orders = dataDir ? read(dataDir) : Orders.parse({})
  }

  get faults(): FaultState[] {
    return this.orders.faults
  }

  get searchLagSeconds(): number {
    return this.orders.searchLagSeconds
  }

  /** Null when none was ordered. */
  get automation(): AutomationRules | null {
    return this.orders.automation
  }

  keep(change: Partial<Orders>): void {
    this.orders = { ...this.orders, ...change }
    if (this.dataDir) writeSecret(this.dataDir, FILE, JSON.stringify(this.orders))
  }
}

/** Puts back in force what an earlier process was ordered, and keeps what becomes of it. */
export function takeUp(orders: KeptOrders, org: Org): void {
  org.setSearchLag(orders.searchLagSeconds)
  if (orders.automation) org.setAutomation(orders.automation)
  org.onRowLock(() => orders.keep({ automation: automationSchema.parse(org.automation()) }))
}

function read(dataDir: string): Orders {
  const text = readText(dataDir, FILE)
  try {
    return Orders.parse(text === undefined ? {} : JSON.parse(text))
  } catch (error) {
    throw new OrdersFileError(dataDir, error instanceof Error ? error.message : String(error))
  }
}
