import { z } from 'zod'

const Bill = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string() }) }),
  components: z.array(z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
})
type Bill = z.infer<typeof Bill>

/**
 * The part of a CycloneDX bill that `direct` (name → version) leads to. npm's own `--omit dev` also leaves out packages that
 * a development package needs as well, so the bill of everything is cut here instead. Throws Error when a direct one is missing.
 */
export function productionBill(whole: unknown, direct: Record<string, string>): Bill {
  const bill = Bill.parse(whole)
  const leadsTo = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const reached = new Set<string>()
  const open = Object.entries(direct).map(([name, version]) => refOf(bill, name, version))
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (reached.has(ref)) continue
    reached.add(ref)
    open.push(...(leadsTo.get(ref) ?? []))
  }
  const root = bill.metadata.component['bom-ref']
  const dependencies = bill.dependencies.filter(({ ref }) => reached.has(ref))
  const first = { ref: root, dependsOn: Object.entries(direct).map(([name, version]) => refOf(bill, name, version)) }
  return {
    ...bill,
    components: bill.components.filter((component) => reached.has(component['bom-ref'])),
    dependencies: [first, ...dependencies],
  }
}

function refOf({ components }: Bill, name: string, version: string): string {
  const found = components.find((each) => each.name === name && each.version === version)
  if (!found) throw new Error(`${name}@${version} is a dependency but not in the bill of materials`)
  return found['bom-ref']
}
