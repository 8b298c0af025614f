// What of an object's records sharing lets one user act on, as conditions in SQL, asked of one row at a time.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import type { ObjectAccess, Verb } from './access-verbs.ts'
import { byAccount, byChildren, byShares, byTeam, byTerritory, implicitChildren, ruleWays } from './shared-rows.ts'
import type { Standing } from './standing.ts'
import { quote } from '../store/store.ts'
import { type Child, shareName } from '../schema/share-shape.ts'
import type { Sharing } from './sharing.ts'

export class ShareConditions {
  private readonly catalog: Catalog
  private readonly sharing: Sharing
  private readonly user: Standing
  private readonly access: (object: ObjectDef) => ObjectAccess

  constructor(catalog: Catalog, sharing: Sharing, user: Standing, access: (object: ObjectDef) => ObjectAccess) {
    this.catalog = catalog
    this.sharing = sharing
    this.user = user
    this.access = access
  }

  /** The condition on `alias`; undefined when every row is shared with the user. */
  of(object: ObjectDef, alias: string, verb: Verb, depth = 0): string | undefined {
    const access = this.access(object)
    const all = verb === 'read' ? access.viewAll || access.modifyAll : access.modifyAll
    if (all || object.shareBy.includes('everyone') || this.sharing.opens(object, verb)) return undefined
    const ways: string[] = []
    for (const way of this.sharing.ways(object)) {
      const condition = this.way(object, alias, verb, way, depth)
      if (condition === undefined) return undefined
      ways.push(condition)
    }
    return `(${ways.join(' OR ')})`
  }

  private way(object: ObjectDef, alias: string, verb: Verb, way: string, depth: number): string | undefined {
    const { catalog, sharing, user } = this
    const { owners, territories, userId } = user
    switch (way) {
      case 'owner':
        // The plus keeps SQLite on the index of what the query asks for: owners are many rows.
        return `+${alias}."OwnerId" IN (${owners})`
      case 'unattached':
        // What hangs on nothing is its owner's alone, whoever stands above him [help: organization-wide defaults].
        return `(${alias}.${quote(object.controlledBy ?? '')} IS NULL AND +${alias}."OwnerId" = '${userId}')`
      case 'children': {
        const children = implicitChildren(catalog, sharing, object)
        return verb === 'read' ? byChildren(sharing, children, alias, user) : '0'
      }
      case 'links':
        return verb === 'delete' ? '0' : this.throughLinks(alias, verb, depth)
      case 'team':
        return byTeam(object.name, alias, verb, owners)
      case 'shares':
        return byShares(object.name, alias, verb, owners)
      case 'rules':
        return ruleWays(sharing, object, alias, verb, user).join(' OR ') || '0'
      case 'territory':
        return byTerritory('Account', `${alias}."Id"`, verb, territories)
      case 'account':
        return byAccount({ sharing, account: catalog.get('Account'), child: object.name as Child, verb, user }, alias)
      default:
        return this.throughParents(object, alias, verb, way, depth)
    }
  }

  private throughParents(object: ObjectDef, alias: string, verb: Verb, lookup: string, depth: number): string {
    const field = object.byName.get(lookup.toLowerCase())
    if (!field || depth > 3) return '0'
    // Rights on a child follow its parent: whoever may edit the parent may delete the child.
    // To give a record away, or take it back, is only for whoever may do everything with it.
    const isShare = object.name === shareName(field.referenceTo[0] ?? '')
    const parentVerb = isShare && verb !== 'read' ? 'delete' : verb === 'delete' ? 'edit' : verb
    const parents = field.referenceTo.flatMap((name) => {
      const parent = this.catalog.get(name)
      const inner = `p${depth}`
      if (parent.name === object.name || !this.access(parent).read) return []
      const rule = this.of(parent, inner, parentVerb, depth + 1)
      const where = `${inner}."Id" = ${alias}.${quote(field.name)}${rule ? ` AND ${rule}` : ''}`
      return [`EXISTS (SELECT 1 FROM ${quote(parent.name)} ${inner} WHERE ${where})`]
    })
    return parents.length ? `(${parents.join(' OR ')})` : '0'
  }

  /** A file is shared with the user it is linked to, and with whoever sees a record it is linked to. */
  private throughLinks(alias: string, verb: Verb, depth: number): string {
    const link = this.catalog.get('ContentDocumentLink')
    const record = this.way(link, 'l', verb, 'LinkedEntityId', depth + 1) ?? '1'
    const level = verb === 'read' ? '' : ` AND l."ShareType" <> 'V'`
    const who = `l."LinkedEntityId" = '${this.user.userId}' OR (l."LinkedEntityId" NOT GLOB '005*' AND ${record})`
    const live = `l."ContentDocumentId" = ${alias}."Id" AND l."IsDeleted" = 0${level}`
    return `EXISTS (SELECT 1 FROM "ContentDocumentLink" l WHERE ${live} AND (${who}))`
  }
}
