// The shape of page layouts and compact layouts: sections, rows and items with the describes of their fields.
import type { CompactLayout, PageLayout } from '../../../org/object-layouts.ts'

export interface FieldDescribe {
  name: string
  label: string
  type: string
  nameField: boolean
  createable: boolean
  updateable: boolean
  nillable: boolean
  defaultedOnCreate: boolean
  sortable: boolean
  compoundFieldName: string | null
  picklistValues: PicklistValue[]
}
export interface PicklistValue {
  active: boolean
  defaultValue: boolean
  label: string
  validFor: string | null
  value: string
}
/** A list of children, with what of the child the caller may read. */
export interface ChildDescribe {
  childSObject: string
  field: string
  relationshipName: string | null
  labelPlural: string
  fields: FieldDescribe[]
}

type Json = Record<string, unknown>
type Fields = ReadonlyMap<string, FieldDescribe>
type Placed = Exclude<PageLayout['sections'][number]['fields'][number], string>

const isRequired = (field: FieldDescribe): boolean => field.createable && !field.nillable && !field.defaultedOnCreate

export const byName = (fields: FieldDescribe[]): Fields => new Map(fields.map((field) => [field.name, field]))

const placed = (field: PageLayout['sections'][number]['fields'][number]): Placed =>
  typeof field === 'string' ? { field, required: false, readOnly: false } : field

/** Fields of a compound: a name, an address. */
const partsOf = (fields: Fields, name: string): FieldDescribe[] =>
  [...fields.values()].filter((field) => field.compoundFieldName === name && field.name !== name)

function component(field: FieldDescribe, tabOrder: number, parts: FieldDescribe[]): Json {
  const own = { details: field, displayLines: Math.max(1, parts.length), tabOrder, type: 'Field', value: field.name }
  if (parts.length === 0) return own
  const components = parts.map((part, index) => component(part, tabOrder + index, []))
  return { components, ...own, fieldType: field.type === 'address' ? 'address' : 'personname' }
}

/** One field as a layout shows it; nothing but its place when the field is not there, or not for the caller. */
function layoutItem(fields: Fields, { field: name, required, readOnly }: Placed, tabOrder: number): Json {
  const field = fields.get(name)
  if (!field) {
    const nothing = { label: '', layoutComponents: [], placeholder: true, required: false }
    return { editableForNew: false, editableForUpdate: false, ...nothing }
  }
  const parts = partsOf(fields, name)
  const any = (may: (field: FieldDescribe) => boolean): boolean => !readOnly && [field, ...parts].some(may)
  return {
    editableForNew: any(({ createable }) => createable),
    editableForUpdate: any(({ updateable }) => updateable),
    label: field.label,
    layoutComponents: [component(field, tabOrder, parts)],
    placeholder: false,
    required: required || [field, ...parts].some(isRequired),
  }
}

interface Section {
  heading: string
  columns: number
  fields: Placed[]
}

function sectionOf(fields: Fields, { heading, columns, fields: shown }: Section, layoutId: string): Json {
  const items = shown.map((one, index) => layoutItem(fields, one, index + 1))
  const layoutRows = Array.from({ length: Math.ceil(items.length / columns) }, (_, row) => {
    const layoutItems = items.slice(row * columns, (row + 1) * columns)
    return { layoutItems, numItems: layoutItems.length }
  })
  return {
    collapsed: false,
    columns,
    heading,
    layoutRows,
    layoutSectionId: null,
    parentLayoutId: layoutId,
    rows: layoutRows.length,
    tabOrder: 'LeftToRight',
    useCollapsibleSection: false,
    useHeading: true,
  }
}

function relatedList({ relationship, fields }: PageLayout['relatedLists'][number], child: ChildDescribe): Json {
  const known = byName(child.fields)
  const shown = fields.flatMap((name) => known.get(name) ?? [])
  return {
    accessLevelRequiredForCreate: null,
    buttons: null,
    columns: shown.map(({ name, label, sortable }) => ({
      field: `${child.childSObject}.${name}`,
      fieldApiName: name,
      format: null,
      label,
      lookupId: null,
      name,
      sortable,
    })),
    custom: relationship.endsWith('__r'),
    field: child.field,
    label: child.labelPlural,
    limitRows: 5,
    name: relationship,
    sobject: child.childSObject,
    sort: [],
  }
}

/** A page layout with the fields and lists of it that the caller may read. */
export function pageLayout(layout: PageLayout, fields: FieldDescribe[], children: ChildDescribe[]): Json {
  const known = byName(fields)
  const isThere = ({ field }: Placed): boolean => field === '' || known.has(field)
  const sections = layout.sections.map(({ heading, columns, fields: shown }) => {
    return { heading, columns, fields: shown.map(placed).filter(isThere) }
  })
  const isEditable = (one: Placed): boolean => {
    const { editableForNew, editableForUpdate } = layoutItem(known, one, 0)
    return editableForNew === true || editableForUpdate === true
  }
  const edited = sections.map((one) => ({ ...one, fields: one.fields.filter(isEditable) }))
  const drawn = (all: Section[]): Json[] =>
    all.filter((one) => one.fields.length > 0).map((one) => sectionOf(known, one, layout.id))
  return {
    buttonLayoutSection: { detailButtons: [] },
    detailLayoutSections: drawn(sections),
    editLayoutSections: drawn(edited),
    feedView: null,
    highlightsPanelLayoutSection: null,
    id: layout.id,
    multirowEditLayoutSections: [],
    offlineLinks: [],
    quickActionList: { quickActionListItems: [] },
    relatedContent: null,
    relatedLists: layout.relatedLists.flatMap((list) => {
      const child = children.find(({ relationshipName }) => relationshipName === list.relationship)
      return child ? [relatedList(list, child)] : []
    }),
    saveOptions: [],
  }
}

/** A compact layout with the fields of it that the caller may read. */
export function compactLayout(layout: CompactLayout, fields: FieldDescribe[], object: string): Json {
  const known = byName(fields)
  const shown = layout.fields.filter((name) => known.has(name))
  return {
    actions: [],
    fieldItems: shown.map((field, index) => layoutItem(known, { field, required: false, readOnly: false }, index + 1)),
    id: layout.id,
    imageItems: [],
    label: layout.label,
    name: layout.name,
    objectType: object,
  }
}
