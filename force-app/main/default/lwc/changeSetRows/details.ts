import { formatLabel, listNames } from 'c/missionWords'
import { markInvisible } from 'c/visibleText'
import { labels } from './labels'
import type { LeafIndex } from './leaves'
import type { Names } from './names'
import { listed, type Operation } from './operations'

/** What a change of owner can take along, by SOAP's name for it; any other name is shown by no part of the page. */
const along = new Map([
  ['TransferOpenActivities', labels.alongActivities],
  ['TransferNotesAndAttachments', labels.alongNotes],
  ['TransferOthersOpenOpportunities', labels.alongOthersOpenOpportunities],
  ['TransferOwnedOpenOpportunities', labels.alongOpenOpportunities],
  ['TransferOwnedClosedOpportunities', labels.alongClosedOpportunities],
  ['TransferOwnedOpenCases', labels.alongOpenCases],
  ['TransferAllOwnedCases', labels.alongCases],
  ['TransferContacts', labels.alongContacts],
  ['TransferContracts', labels.alongContracts],
  ['TransferOrders', labels.alongOrders],
])

/** What belongs to an operation beyond its values: what moves along with an owner, what a conversion makes, how a restored record ended. */
export function detailsOf({ kind, at }: Operation, leaves: LeafIndex, names: Names): string[] {
  if (kind === 'changeOwner') return ownerDetails(at, leaves)
  if (kind === 'undelete') return [endOf(at, leaves, names)]
  return kind === 'convertLead' ? conversionDetails(at, leaves, names) : []
}

function ownerDetails(at: string, leaves: LeafIndex): string[] {
  const team = leaves.showIf(`${at}/keepTeam`, true) ? labels.teamStays : labels.teamLeaves
  const isHidden = team === labels.teamLeaves && !leaves.showIf(`${at}/keepTeam`, false)
  const taken = listed(`${at}/transfer`, leaves).flatMap((path) => {
    const word = along.get(leaves.textAt(path))
    if (word !== undefined) leaves.show(path)
    return word ?? (leaves.isClosed(path) ? labels.hidden : [])
  })
  const isNothing = leaves.showIf(`${at}/transfer`, [])
  return [
    isHidden ? labels.hidden : team,
    ...(isNothing ? [labels.nothingAlong] : []),
    ...(taken.length > 0 ? [formatLabel(labels.along, listNames(taken))] : []),
  ]
}

/** How the record to restore ended. */
function endOf(at: string, leaves: LeafIndex, names: Names): string {
  const path = `${at}/mergedInto`
  if (leaves.showIf(path, null)) return labels.takenByDelete
  const id = leaves.showText(path)
  return formatLabel(labels.takenByMerge, id === '' ? labels.hidden : named(id, names))
}

const opportunities = new Map([
  ['none', labels.noOpportunity],
  ['existing', labels.oldOpportunity],
  ['new', labels.newOpportunity],
])

function conversionDetails(at: string, leaves: LeafIndex, names: Names): string[] {
  const recordText = (part: string, label: string, without: string) => {
    const path = `${at}/${part}`
    if (!leaves.has(path)) return without
    const id = leaves.showText(path)
    return formatLabel(label, id === '' ? labels.hidden : named(id, names))
  }
  const opportunity = opportunities.get(leaves.textAt(`${at}/opportunity`))
  if (opportunity !== undefined) leaves.show(`${at}/opportunity`)
  const keepsSource = leaves.showIf(`${at}/overwriteLeadSource`, false)
  return [
    formatLabel(labels.convertedStatus, markInvisible(leaves.showText(`${at}/convertedStatus`)) || labels.hidden),
    recordText('ownerId', labels.convertedOwner, labels.ownerStays),
    recordText('accountId', labels.convertedAccount, labels.newAccount),
    recordText('contactId', labels.convertedContact, labels.newContact),
    opportunity ?? labels.hidden,
    ...(keepsSource ? [labels.leadSourceStays] : []),
  ]
}

/** The name with its id: a name alone could be any record's. */
function named(id: string, names: Names): string {
  const name = names.of(id)
  return name === null ? markInvisible(id) : `${name} (${markInvisible(id)})`
}
