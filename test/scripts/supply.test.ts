import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { productionBill } from '../../scripts/supply/bill-of-materials.ts'
import { advisorySentence, severeAdvisories } from '../../scripts/supply/advisories.ts'

const Locked = z.object({
  version: z.string(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  license: z.string().optional(),
})
const root = new URL('../../', import.meta.url)
const lock = z
  .object({ packages: z.record(z.string(), Locked.partial({ version: true })) })
  .parse(JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')))
const packages = Object.entries(lock.packages).filter(([path, each]) => path.includes('node_modules/') && !each.link)

/** SPDX names that allow use and distribution in a product without conditions on our own code. */
const PERMISSIVE = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  '(MIT OR CC0-1.0)',
]

describe('the lock file', () => {
  it('holds a sha512 checksum of every package, those for other machines too', () => {
    expect(packages.length).toBeGreaterThan(500)
    expect(packages.filter(([, each]) => !each.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
  })

  it('meets direct dependencies that are pinned exactly', () => {
    for (const file of ['package.json', 'server/practice-org/package.json']) {
      const { dependencies = {}, devDependencies = {} } = z
        .object({
          dependencies: z.record(z.string(), z.string()).optional(),
          devDependencies: z.record(z.string(), z.string()).optional(),
        })
        .parse(JSON.parse(readFileSync(new URL(file, root), 'utf8')))
      const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
        ([, at]) => !/^\d+\.\d+\.\d+(-\S+)?$/.test(at),
      )
      expect(loose, file).toEqual([])
    }
  })
})

describe('npm run sbom', () => {
  const Component = z.object({
    name: z.string(),
    version: z.string(),
    hashes: z.array(z.object({ alg: z.string() })).default([]),
    licenses: z.array(z.object({ license: z.object({ id: z.string() }) }).or(z.object({ expression: z.string() }))),
  })
  const printed = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8', maxBuffer: 64e6 })
  const { bomFormat, components } = z
    .object({ bomFormat: z.string(), components: z.array(Component) })
    .parse(JSON.parse(printed))

  it('lists what runs in production as CycloneDX, each with its checksum', () => {
    expect(bomFormat).toBe('CycloneDX')
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')))
    const listed = components.map(({ name, version }) => `${name}@${version}`)
    expect(listed).toEqual(expect.arrayContaining(Object.entries(dependencies).map(([name, at]) => `${name}@${at}`)))
    expect(listed.length).toBeGreaterThan(100)
    expect(components.filter(({ hashes }) => hashes[0]?.alg !== 'SHA-512').map(({ name }) => name)).toEqual([])
  })

  it('lists only licences that allow use and distribution', () => {
    const others = components.filter(({ licenses }) =>
      licenses.some((each) => !PERMISSIVE.includes('license' in each ? each.license.id : each.expression)),
    )
    expect(others.map(({ name, licenses }) => ({ name, licenses }))).toEqual([])
    expect(components.filter(({ licenses }) => licenses.length === 0).map(({ name }) => name)).toEqual([])
  })
})

describe('the bill of what runs', () => {
  const part = (name: string) => ({ 'bom-ref': `${name}@1.0.0`, name, version: '1.0.0' })
  const whole = {
    metadata: { component: { 'bom-ref': 'root@1.0.0' } },
    components: ['runs', 'inside', 'shared', 'tests'].map(part),
    dependencies: [
      { ref: 'root@1.0.0', dependsOn: ['runs@1.0.0', 'tests@1.0.0'] },
      { ref: 'runs@1.0.0', dependsOn: ['inside@1.0.0', 'shared@1.0.0'] },
      { ref: 'inside@1.0.0', dependsOn: ['runs@1.0.0'] },
      { ref: 'tests@1.0.0', dependsOn: ['shared@1.0.0'] },
    ],
  }

  it('keeps a package that a development package needs as well, and leaves out the development package', () => {
    const { components, dependencies } = productionBill(whole, { runs: '1.0.0' })
    expect(components.map(({ name }) => name)).toEqual(['runs', 'inside', 'shared'])
    expect(dependencies[0]).toEqual({ ref: 'root@1.0.0', dependsOn: ['runs@1.0.0'] })
  })

  it('is refused when a dependency is missing from it', () => {
    expect(() => productionBill(whole, { gone: '2.0.0' })).toThrow('gone@2.0.0 is a dependency')
  })
})

describe('npm run advisories', () => {
  const vulnerability = (severity: string) => ({
    severity,
    range: '<2.0.0',
    via: [{ title: 'Reads any file', url: 'https://example.com/advisory' }, 'other'],
  })

  it('names each high or critical advisory with its package and range', () => {
    const severe = severeAdvisories(
      JSON.stringify({
        vulnerabilities: { one: vulnerability('high'), two: vulnerability('low'), three: vulnerability('critical') },
      }),
    )
    expect(severe?.map((each) => each.package)).toEqual(['one', 'three'])
    expect(advisorySentence(severe)).toBe(
      '2 high or critical: update or replace each package.\n' +
        'high: one <2.0.0. Reads any file (https://example.com/advisory)\n' +
        'critical: three <2.0.0. Reads any file (https://example.com/advisory)',
    )
  })

  it('takes an answer without a report for no answer, never for none', () => {
    for (const answer of ['', '{"message":"405 Method Not Allowed"}', '<html>', '{"vulnerabilities":[]}'])
      expect(severeAdvisories(answer), answer).toBeNull()
    expect(advisorySentence(null)).toContain('nothing is known')
    expect(severeAdvisories('{"vulnerabilities":{}}')).toEqual([])
  })
})
