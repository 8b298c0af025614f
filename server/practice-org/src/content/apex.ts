// What stands in for Apex classes, which run in an org alone: methods that the Lightning page calls.
import type { KeyObject } from 'node:crypto'
import type { Org, User } from '../org/org.ts'

export interface ApexContext {
  org: Org
  /** Of the certificate that the org signs with (`Auth.JWS`). */
  privateKey: KeyObject
  /** Epoch ms. */
  now: () => number
  /** At least 16 characters, never the same twice. */
  newId: () => string
}

/** An `@AuraEnabled` method as the page calls it; `input` is the JSON it sent. Throws AuraHandledException. */
export type ApexMethod = (user: User, input: unknown, context: ApexContext) => Promise<unknown>

/** What an `@AuraEnabled` method throws: the page shows `message`, and nothing else of it. */
export class AuraHandledException extends Error {
  readonly exceptionType = 'System.AuraHandledException'
  readonly status: number
  constructor(message: string, status = 403) {
    super(message)
    this.name = 'AuraHandledException'
    this.status = status
  }
}
