// Folders of permission sets for the practice org: those of the package, changed as an administrator would change them.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { permissionSetXml } from '../../scripts/mission/permission-set-xml.ts'
import { readerSet, writerSet } from '../../scripts/mission/permission-sets.ts'
import type { Grant } from '../../server/contract/grant.ts'

const FOLDER = join(import.meta.dirname, '../../force-app/main/default/permissionsets')

const fileOf = (folder: string, name: string): string => join(folder, `${name}.permissionset-meta.xml`)

/** A copy of the package's permission sets; the caller deletes it. */
export function copiedPermissionSets(): string {
  const folder = mkdtempSync(join(tmpdir(), 'permission-sets-'))
  cpSync(FOLDER, folder, { recursive: true })
  return folder
}

/** A copy in which the integration users' sets are generated for these grants, as `npm run mission -- permissions` does. */
export function permissionSetsFor(grants: readonly Grant[]): string {
  const folder = copiedPermissionSets()
  writeFileSync(fileOf(folder, 'Missions_Reader'), permissionSetXml(readerSet(grants)))
  writeFileSync(fileOf(folder, 'Missions_Writer'), permissionSetXml(writerSet(grants)))
  return folder
}

/** Lets the holders of a permission set read and edit an object's records and these fields of it. */
export function addObject(folder: string, set: string, object: string, fields: readonly string[]): void {
  const file = fileOf(folder, set)
  const [head = '', tail = ''] = readFileSync(file, 'utf8').split(/(?=<label>)/)
  const each = fields.map(
    (field) =>
      `<fieldPermissions><editable>true</editable><field>${object}.${field}</field><readable>true</readable></fieldPermissions>`,
  )
  const rights = ['Create', 'Edit', 'Read'].map((right) => `<allow${right}>true</allow${right}>`).join('')
  const rest =
    '<allowDelete>false</allowDelete><modifyAllRecords>false</modifyAllRecords><viewAllRecords>true</viewAllRecords>'
  const own = `<objectPermissions>${rights}${rest}<object>${object}</object></objectPermissions>`
  writeFileSync(file, `${head}${each.join('')}${tail.replace('</PermissionSet>', `${own}</PermissionSet>`)}`)
}

/** Lets the holders of a permission set edit a field that they could read. Throws Error when the file has no such entry. */
export function setEditable(folder: string, set: string, field: string): void {
  const file = fileOf(folder, set)
  const text = readFileSync(file, 'utf8')
  const entry = new RegExp(`<editable>false</editable>(\\s*<field>${field}</field>)`)
  if (!entry.test(text)) throw new Error(`${set} has no field permission for ${field}`)
  writeFileSync(file, text.replace(entry, '<editable>true</editable>$1'))
}

/** Takes one field permission out of a permission set's file. Throws Error when the file has no such entry. */
export function removeFieldPermission(folder: string, set: string, field: string): void {
  const file = fileOf(folder, set)
  const text = readFileSync(file, 'utf8')
  const entry = new RegExp(
    `\\s*<fieldPermissions>\\s*<editable>\\w+</editable>\\s*<field>${field}</field>\\s*<readable>\\w+</readable>\\s*</fieldPermissions>`,
  )
  if (!entry.test(text)) throw new Error(`${set} has no field permission for ${field}`)
  writeFileSync(file, text.replace(entry, ''))
}
