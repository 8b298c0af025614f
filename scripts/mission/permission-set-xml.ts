import type { PermissionSet } from './permission-sets.ts'

/** A permission set as a `.permissionset-meta.xml` file, entries in a fixed order, so that equal grants give equal files. */
export function permissionSetXml(set: PermissionSet): string {
  const fields = sorted(set.fields).map(([field, editable]) =>
    element('fieldPermissions', { editable, field, readable: true }),
  )
  const objects = sorted(set.objects).map(([object, allowed]) =>
    element('objectPermissions', {
      allowCreate: allowed.create,
      allowDelete: allowed.delete,
      allowEdit: allowed.edit,
      allowRead: true,
      modifyAllRecords: allowed.modifyAll,
      object,
      viewAllRecords: true,
    }),
  )
  const users = set.userPermissions.map((name) => element('userPermissions', { enabled: true, name }))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">',
    `    <description>${set.description}</description>`,
    ...fields,
    '    <hasActivationRequired>false</hasActivationRequired>',
    `    <label>${set.label}</label>`,
    ...objects,
    ...users,
    '</PermissionSet>',
    '',
  ].join('\n')
}

function element(name: string, children: Record<string, string | boolean>): string {
  const lines = Object.entries(children).map(([child, value]) => `        <${child}>${String(value)}</${child}>`)
  return [`    <${name}>`, ...lines, `    </${name}>`].join('\n')
}

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
