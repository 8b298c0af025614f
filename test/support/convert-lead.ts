import type { Person } from './person.ts'

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
const PARTNER = 'urn:partner.soap.sforce.com'

/** Converts a lead as a person does on its page: over SOAP, into an account that is there. Throws with the org's answer. */
export async function convertByHand(orgUrl: string, person: Person, leadId: string, accountId: string): Promise<void> {
  const convert = [
    `<leadId>${leadId}</leadId><accountId>${accountId}</accountId><convertedStatus>Closed - Converted</convertedStatus>`,
    '<doNotCreateOpportunity>true</doNotCreateOpportunity><overwriteLeadSource>false</overwriteLeadSource>',
    '<sendNotificationEmail>false</sendNotificationEmail>',
  ].join('')
  const body = `<e:Envelope xmlns:e="${ENVELOPE}" xmlns="${PARTNER}"><e:Header><SessionHeader><sessionId>${person.orgToken}</sessionId></SessionHeader></e:Header><e:Body><convertLead><leadConverts>${convert}</leadConverts></convertLead></e:Body></e:Envelope>`
  const answer = await fetch(`${orgUrl}/services/Soap/u/66.0`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', soapaction: '""' },
    body,
  })
  const said = await answer.text()
  if (!said.includes('<success>true</success>')) throw new Error(said)
}
