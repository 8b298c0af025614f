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
