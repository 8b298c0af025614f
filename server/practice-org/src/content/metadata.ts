// Reads what is deployed to an org from a folder in source format, such as `main/default` of a project.
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Deployed } from './content.ts'
import { platformEventsIn } from './event-files.ts'
import { metadataFiles } from './metadata-files.ts'
import { objectsIn } from './object-files.ts'
import { permissionSetsIn } from './permission-set-files.ts'

const CustomPermission = z.looseObject({ label: z.string(), description: z.string().optional() })

export interface MetadataFolders {
  /** The folder with `objects`, `customPermissions` and `classes`. */
  source: string
  /** The folder of permission sets; `<source>/permissionsets` without it. */
  permissionSets?: string
  /** A folder of more objects, as `<source>/objects` keeps them. */
  moreObjects?: string
}

/** Throws ZodError or Error when a file is not what its name says. */
export function readMetadata({
  source,
  permissionSets = join(source, 'permissionsets'),
  moreObjects,
}: MetadataFolders): Deployed {
  return {
    objects: objectsIn([join(source, 'objects'), ...(moreObjects === undefined ? [] : [moreObjects])]),
    platformEvents: platformEventsIn(join(source, 'objects')),
    customPermissions: metadataFiles(join(source, 'customPermissions'), 'customPermission', 'CustomPermission').map(
      ({ name, root }) => {
        const { label, description = null } = CustomPermission.parse(root)
        return { name, label, description }
      },
    ),
    permissionSets: permissionSetsIn(permissionSets),
    apexClasses: globSync('*.cls', { cwd: join(source, 'classes') })
      .map((file) => basename(file, '.cls'))
      .sort(),
  }
}
