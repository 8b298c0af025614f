// Permission sets from `*.permissionset-meta.xml`: each grants exactly what its file says.
import { z } from 'zod'
import { metadataFiles, type MetadataFile } from './metadata-files.ts'
import type { RightsSet } from './rights-set.ts'

const Flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const Named = z.looseObject({ enabled: Flag, name: z.string() })

const PermissionSet = z.looseObject({
  label: z.string(),
  description: z.string().optional(),
  userPermissions: z.array(Named).default([]),
  customPermissions: z.array(Named).default([]),
  classAccesses: z.array(z.looseObject({ enabled: Flag, apexClass: z.string() })).default([]),
  objectPermissions: z
    .array(
      z.looseObject({
        object: z.string(),
        allowRead: Flag,
        allowCreate: Flag,
        allowEdit: Flag,
        allowDelete: Flag,
        viewAllRecords: Flag,
        modifyAllRecords: Flag,
      }),
    )
    .default([]),
  fieldPermissions: z.array(z.looseObject({ field: z.string(), readable: Flag, editable: Flag })).default([]),
})

/** Reads the folder `permissionsets`. Throws ZodError or Error when a file is none of a permission set. */
export function permissionSetsIn(folder: string): RightsSet[] {
  return metadataFiles(folder, 'permissionset', 'PermissionSet').map(rightsSet)
}

function rightsSet({ name, root }: MetadataFile): RightsSet {
  const set = PermissionSet.parse(root)
  const enabled = (list: { enabled: boolean; name: string }[]): string[] =>
    list.filter((each) => each.enabled).map((each) => each.name)
  return {
    name,
    label: set.label,
    ...(set.description === undefined ? {} : { description: set.description }),
    userPermissions: enabled(set.userPermissions),
    customPermissions: enabled(set.customPermissions),
    apexClasses: set.classAccesses.filter((each) => each.enabled).map(({ apexClass }) => apexClass),
    objects: set.objectPermissions.map((each) => ({
      object: each.object,
      read: each.allowRead,
      create: each.allowCreate,
      edit: each.allowEdit,
      delete: each.allowDelete,
      viewAll: each.viewAllRecords,
      modifyAll: each.modifyAllRecords,
    })),
    fields: set.fieldPermissions.map(({ field, readable, editable }) => ({ field, read: readable, edit: editable })),
  }
}
