// Prints the bill of materials (CycloneDX 1.5) of what runs in production, from the lock file alone: name, version, licence and
// SHA-512 of each package.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { productionBill } from './supply/bill-of-materials.ts'

const whole = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
  encoding: 'utf8',
  maxBuffer: 256e6,
})
const { dependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
console.log(JSON.stringify(productionBill(JSON.parse(whole), dependencies), null, 2))
