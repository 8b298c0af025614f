// Products on opportunities and orders: prices of line items, and the totals they make (docs/sources.md#products).
import type { ObjectDef, Catalog } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { refusal, requiredMissing } from '../../schema/refuse.ts'
import type { Store } from '../../store/store.ts'
import type { Row, Stored } from '../../store/row.ts'
import { recordChanges } from './history.ts'

interface Known {
  store: Store
  catalog: Catalog
  after: Row
  given: ReadonlySet<string>
}

const cents = (amount: number): number => Math.round(amount * 100) / 100
const numberOf = (value: Stored | undefined): number => (typeof value === 'number' ? value : 0)

function parent({ store, catalog, after }: Known, object: string, field = `${object}Id`): Row | undefined {
  const id = after[field]
  return typeof id === 'string' ? store.row(catalog.get(object), id) : undefined
}

/** A price is called as its product is. */
export function priceFields(known: Known): Row {
  const product = parent(known, 'Product2')
  return { Name: product?.['Name'] ?? null, ProductCode: product?.['ProductCode'] ?? null }
}

/** Prices of an item from its price book entry, unless the client gave a price or a total of its own. */
export function itemFields(known: Known): Row {
  const { after, given } = known
  const entry = parent(known, 'PricebookEntry')
  const quantity = numberOf(after['Quantity'])
  const reduced = 1 - numberOf(after['Discount']) / 100
  const list = entry?.['UnitPrice'] ?? null
  const asked = given.has('TotalPrice') && !given.has('UnitPrice') && typeof after['TotalPrice'] === 'number'
  const unit = asked
    ? cents(numberOf(after['TotalPrice']) / (quantity * reduced || 1))
    : (after['UnitPrice'] ?? list ?? null)
  const productId = entry?.['Product2Id'] ?? after['Product2Id'] ?? null
  const product = parent({ ...known, after: { ...after, Product2Id: productId } }, 'Product2')
  return {
    Product2Id: productId,
    ProductCode: product?.['ProductCode'] ?? null,
    ListPrice: list,
    UnitPrice: unit,
    TotalPrice: asked ? (after['TotalPrice'] ?? null) : cents(quantity * numberOf(unit) * reduced),
    Subtotal: cents(quantity * numberOf(unit)),
    Name: [parent(known, 'Opportunity')?.['Name'], product?.['Name']].filter(Boolean).join(' ') || null,
  }
}

/** Refuses an item whose price does not fit the price book of what it is sold with. */
export function checkItem(write: Write, object: ObjectDef, row: Row): void {
  const isOrder = object.name === 'OrderItem'
  const sale = write.catalog.get(isOrder ? 'Order' : 'Opportunity')
  const book = write.store.row(sale, String(row[`${sale.name}Id`]))?.['Pricebook2Id'] ?? null
  const entry = write.store.row(write.catalog.get('PricebookEntry'), String(row['PricebookEntryId']))
  if (!entry && !row['Product2Id']) throw requiredMissing(['PricebookEntryId'])
  if (!entry || book === null || entry['Pricebook2Id'] === book) return
  const where = `pricebook entry is in a different pricebook than the one assigned to the ${sale.label.toLowerCase()}`
  throw refusal('FIELD_INTEGRITY_EXCEPTION', `field integrity exception: PricebookEntryId (${where})`, [
    'PricebookEntryId',
  ])
}

/** One price per product and book, and none in another book before there is one in the standard book. */
export function checkPrice(write: Write, object: ObjectDef, before: Row | undefined, row: Row): void {
  if (before) return
  const book = write.store.row(write.catalog.get('Pricebook2'), String(row['Pricebook2Id']))
  const others = write.store.rowsWhere(object, 'Product2Id', row['Product2Id'] ?? null).filter(isLive)
  if (others.some((each) => each['Pricebook2Id'] === row['Pricebook2Id'])) {
    throw refusal('DUPLICATE_VALUE', 'This price definition already exists in this price book', [])
  }
  const books = others.map((each) => write.store.row(write.catalog.get('Pricebook2'), String(each['Pricebook2Id'])))
  if (book?.['IsStandard'] === 1 || books.some((each) => each?.['IsStandard'] === 1)) return
  throw refusal('STANDARD_PRICE_NOT_DEFINED', 'Before creating a custom price, create a standard price.', [])
}

const isLive = (row: Row): boolean => row['IsDeleted'] !== 1

/** Brings the totals of what items were sold with up to date, as part of the same save. */
export function keepSale(write: Write, object: ObjectDef, rows: (Row | undefined)[]): void {
  if (object.name !== 'OpportunityLineItem' && object.name !== 'OrderItem') return
  const sale = write.catalog.get(object.name === 'OrderItem' ? 'Order' : 'Opportunity')
  const field = `${sale.name}Id`
  for (const id of new Set(rows.map((row) => row?.[field]))) {
    const row = typeof id === 'string' ? write.store.row(sale, id) : undefined
    if (!row || row['IsDeleted'] === 1) continue
    const items = write.store.rowsWhere(object, field, row['Id'] ?? null).filter(isLive)
    const total = cents(items.reduce((sum, each) => sum + numberOf(each['TotalPrice']), 0))
    const changes = sale.name === 'Order' ? { TotalAmount: total } : opportunityTotals(write, row, items, total)
    settle(write, sale, row, changes)
  }
}

function opportunityTotals(write: Write, row: Row, items: Row[], total: number): Row {
  const entry = write.store.row(write.catalog.get('PricebookEntry'), String(items[0]?.['PricebookEntryId']))
  const book = row['Pricebook2Id'] ?? entry?.['Pricebook2Id'] ?? null
  if (items.length === 0) return { HasOpportunityLineItem: 0, Pricebook2Id: book }
  return {
    HasOpportunityLineItem: 1,
    Pricebook2Id: book,
    Amount: total,
    ExpectedRevenue: cents((total * numberOf(row['Probability'])) / 100),
    TotalOpportunityQuantity: items.reduce((sum, each) => sum + numberOf(each['Quantity']), 0),
  }
}

function settle(write: Write, object: ObjectDef, row: Row, wanted: Row): void {
  const changed = Object.keys(wanted).filter((name) => wanted[name] !== row[name])
  if (changed.length === 0) return
  const now = write.now()
  const stamps: Row = { LastModifiedDate: now, LastModifiedById: write.caller.userId, SystemModstamp: now }
  const after = { ...row, ...wanted, ...stamps }
  write.store.update(object, String(row['Id']), { ...wanted, ...stamps })
  recordChanges(write, object, row, after, changed)
  write.draft.change('UPDATE', object, String(row['Id']), changed, after)
}
