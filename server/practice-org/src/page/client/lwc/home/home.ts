import { LightningElement } from 'lwc'
import { navigateTo } from '../../nav/location.ts'
import { addressOf, objectPage } from '../../nav/page-reference.ts'
import { describe, selection, visible, type FieldInfo } from '../../org/describe.ts'
import { LAYOUTS } from '../../org/objects.ts'
import { query, type OrgRecord } from '../../org/rest.ts'
import { session } from '../../org/session.ts'

interface Card {
  title: string
  object: string
  icon: string
  href: string
  fields: FieldInfo[]
  records: OrgRecord[]
  note: string
}

const CARDS = [
  {
    title: 'Newest Leads',
    object: 'Lead',
    fields: ['Name', 'Company', 'Status', 'CreatedDate'],
    rest: 'WHERE IsConverted = false ORDER BY CreatedDate DESC',
  },
  {
    title: 'Opportunities Closing Next',
    object: 'Opportunity',
    fields: ['Name', 'StageName', 'Amount', 'CloseDate'],
    rest: 'WHERE IsClosed = false ORDER BY CloseDate',
  },
  {
    title: 'Newest Accounts',
    object: 'Account',
    fields: ['Name', 'Industry', 'BillingCity', 'OwnerId'],
    rest: 'ORDER BY CreatedDate DESC',
  },
  {
    title: 'Open Cases',
    object: 'Case',
    fields: ['CaseNumber', 'Subject', 'Priority', 'Status'],
    rest: 'WHERE IsClosed = false ORDER BY CreatedDate DESC',
  },
]
const SHOWN = 6

/** The home page: what is new and what is next, each card by itself. */
export default class Home extends LightningElement {
  name = session().name
  cards: Card[] = CARDS.map(({ title, object }) => blank(title, object))

  connectedCallback(): void {
    for (const card of CARDS) void this.fill(card)
  }

  createLead(): void {
    navigateTo(objectPage('Lead', 'new'))
  }

  async fill({ title, object, fields: names, rest }: (typeof CARDS)[number]): Promise<void> {
    const card = blank(title, object)
    try {
      card.fields = visible(await describe(object), names)
      card.records = (await query(`SELECT ${selection(card.fields)} FROM ${object} ${rest} LIMIT ${SHOWN}`)).records
      card.note = card.records.length > 0 ? '' : 'No items to display.'
    } catch (error) {
      card.note = error instanceof Error ? error.message : String(error)
    }
    this.cards = this.cards.map((shown) => (shown.title === title ? card : shown))
  }
}

function blank(title: string, object: string): Card {
  const icon = LAYOUTS[object]?.icon ?? 'standard:default'
  return { title, object, icon, href: addressOf(objectPage(object)), fields: [], records: [], note: 'Loading…' }
}
