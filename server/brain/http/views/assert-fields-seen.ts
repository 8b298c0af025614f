import { Forbidden } from '../../domain/errors.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'

/**
 * A condition tells of the fields it compares, even where no value is shown. Throws Forbidden that names the first of these
 * `Object.Field` that the caller may not see in Salesforce.
 */
export async function assertFieldsSeen(
  { visibility }: RouteContext,
  { userId }: SessionCaller,
  names: readonly string[],
): Promise<void> {
  const fields = [...new Set(names)].sort()
  const access = await visibility.readAccessOf(userId, { records: [], fields })
  const hidden = fields.find((field) => !access.field(field))
  if (hidden !== undefined) throw new Forbidden('This compares a field that you may not see in Salesforce.', hidden)
}
