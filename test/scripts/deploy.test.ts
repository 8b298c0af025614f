import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployCommand } from '../../scripts/deploy/command.ts'
import { PACKAGE } from '../../scripts/deploy/stage.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..')
const BRAIN = ['--brain-url', 'https://missions.example.com']
let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'missions-deploy-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const into = () => join(folder, 'staged')
const staged = (path: string) => join(into(), PACKAGE, path)

async function deploy(argv: readonly string[], { root = REPOSITORY, code = 0 as number | null } = {}) {
  const lines: string[] = []
  const calls: { args: readonly string[]; folder: string }[] = []
  const sf = (args: readonly string[], folder: string) => {
    calls.push({ args, folder })
    return Promise.resolve(code)
  }
  const exit = await deployCommand(argv, { root, into: into(), say: (line) => lines.push(line), sf })
  return { exit, lines, calls }
}

/** A copy of the repository's package that a test may spoil. */
function spoiled(file: string, change: (text: string) => string): string {
  const root = join(folder, 'copy')
  cpSync(join(REPOSITORY, PACKAGE), join(root, PACKAGE), { recursive: true })
  cpSync(join(REPOSITORY, 'sfdx-project.json'), join(root, 'sfdx-project.json'))
  const path = join(root, PACKAGE, file)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
  return root
}

describe('npm run deploy', () => {
  it('finds nothing that an org would refuse in the shipped package, and stops before sf on a dry run', async () => {
    const { exit, lines, calls } = await deploy([...BRAIN, '--dry-run'])
    expect(lines.slice(0, -1)).toEqual([])
    expect(exit).toBe(0)
    expect(calls).toEqual([])
  })

  it('stages JavaScript beside every component and neither TypeScript nor tests', async () => {
    await deploy([...BRAIN, '--dry-run'])
    expect(existsSync(staged('lwc/decisionQueue/decisionQueue.js'))).toBe(true)
    expect(existsSync(staged('lwc/decisionQueue/queue.js'))).toBe(true)
    expect(existsSync(staged('lwc/decisionQueue/decisionQueue.ts'))).toBe(false)
    expect(existsSync(staged('lwc/decisionQueue/__tests__'))).toBe(false)
    expect(readFileSync(staged('lwc/decisionQueue/decisionQueue.js'), 'utf8')).toMatch(/@api\s+recordId/)
  })

  it('stages the custom labels that the components show', async () => {
    await deploy([...BRAIN, '--dry-run'])
    const labels = readFileSync(staged('labels/CustomLabels.labels-meta.xml'), 'utf8')
    expect(labels).toContain('<fullName>Missions_MissionOutcome_TakeBack</fullName>')
    const emitted = readFileSync(staged('lwc/missionOutcome/labels.js'), 'utf8')
    expect(emitted).toContain('@salesforce/label/c.Missions_MissionOutcome_TakeBack')
  })

  it('leaves the sources as they are', async () => {
    await deploy([...BRAIN, '--dry-run'])
    expect(existsSync(join(REPOSITORY, PACKAGE, 'cspTrustedSites'))).toBe(false)
    expect(existsSync(join(REPOSITORY, PACKAGE, 'customMetadata'))).toBe(false)
  })

  it('generates the trusted site and the setting with one and the same origin', async () => {
    await deploy(['--brain-url', 'https://missions.example.com/', '--dry-run'])
    const site = readFileSync(staged('cspTrustedSites/Missions_Brain.cspTrustedSite-meta.xml'), 'utf8')
    const setting = readFileSync(staged('customMetadata/Mission_Setting.Brain.md-meta.xml'), 'utf8')
    expect(site).toContain('<endpointUrl>https://missions.example.com</endpointUrl>')
    expect(site).toContain('<isApplicableToConnectSrc>true</isApplicableToConnectSrc>')
    expect(setting).toContain('<value xsi:type="xsd:string">https://missions.example.com</value>')
  })

  it('runs sf inside the staged project, for the org that was named', async () => {
    const { exit, calls } = await deploy([...BRAIN, '--target-org', 'sandbox'])
    expect(exit).toBe(0)
    expect(calls).toEqual([
      {
        args: ['project', 'deploy', 'start', '--source-dir', 'force-app', '--target-org', 'sandbox'],
        folder: into(),
      },
    ])
    expect(existsSync(join(into(), 'sfdx-project.json'))).toBe(true)
  })

  it('says in one line how to get sf when it is not there', async () => {
    const { exit, lines } = await deploy(BRAIN, { code: null })
    expect(exit).toBe(1)
    expect(lines.at(-1)).toContain('npm install --global @salesforce/cli')
  })

  it.each([
    ['none', [], /--brain-url is missing/],
    ['plain http', ['--brain-url', 'http://missions.example.com'], /not https/],
    ['a path', ['--brain-url', 'https://missions.example.com/api'], /more than an origin/],
    ['no URL', ['--brain-url', 'missions'], /not a URL/],
  ])('refuses %s as the brain’s URL before anything is staged', async (_, argv, why) => {
    const { exit, lines } = await deploy(argv)
    expect(exit).toBe(2)
    expect(lines[0]).toMatch(why)
    expect(existsSync(into())).toBe(false)
  })
})

describe('what the check refuses', () => {
  it.each([
    [
      'a permission set that names a permission which is not there',
      'permissionsets/Missions_Viewer.permissionset-meta.xml',
      (text: string) => text.replace('<name>View_Missions', '<name>Look_At_Missions'),
      'names name Look_At_Missions, which is not in the package',
    ],
    [
      'a permission set that names a field which is not there',
      'permissionsets/Missions_Reader.permissionset-meta.xml',
      (text: string) => text.replace('Lead.Matched_Account__c', 'Lead.Matched__c'),
      'names field Lead.Matched__c, which is not in the package',
    ],
    [
      'a page with a component that is not exposed to pages',
      'flexipages/Missions.flexipage-meta.xml',
      (text: string) => text.replace('<componentName>explainRail', '<componentName>streamHub'),
      'holds streamHub, which is not exposed to lightning__AppPage',
    ],
    [
      'an element that the metadata type does not know',
      'tabs/Missions.tab-meta.xml',
      (text: string) => text.replaceAll('flexiPage>', 'flexipage>'),
      'has flexipage, which a CustomTab does not know',
    ],
    [
      'XML that is not well formed',
      'tabs/Missions.tab-meta.xml',
      (text: string) => text.replace('</CustomTab>', ''),
      'line',
    ],
    [
      'a component that imports what no org provides',
      'lwc/missionWords/missionWords.ts',
      (text: string) => `import '../../../../../server/contract/seal.ts'\n${text}`,
      'imports ../../../../../server/contract/seal.ts, which no org provides',
    ],
    [
      'a component that calls Apex which is not offered',
      'lwc/missionSession/missionSession.ts',
      (text: string) => text.replace('MissionSession.open', 'MissionSession.ajar'),
      'calls MissionSession.ajar, which no class offers to components',
    ],
    [
      'a component that shows a label which is not there',
      'lwc/missionOutcome/labels.ts',
      (text: string) => text.replace('c.Missions_MissionOutcome_TakeBack', 'c.Missions_TakeBack'),
      'shows the label Missions_TakeBack, which is not in the package',
    ],
    ['a template that does not compile', 'lwc/decisionQueue/decisionQueue.html', (text: string) => `${text}<p>`, 'LWC'],
  ])('is %s: nothing is sent', async (_, file, change, message) => {
    const { exit, lines, calls } = await deploy(BRAIN, { root: spoiled(file, change) })
    expect(exit).toBe(1)
    expect(calls).toEqual([])
    const emitted = file.replace(/\.ts$/, '.js')
    expect(lines.find((line) => line.startsWith(`${emitted}: `))).toContain(message)
  })
})
