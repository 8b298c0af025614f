// `npm run deploy`: stages the package, checks it as far as possible without an org, and passes it to the sf CLI.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkComponents } from './check-components.ts'
import { checkReferences } from './check-references.ts'
import { brainOrigin } from './generated-metadata.ts'
import { readPackage } from './package-files.ts'
import { stage } from './stage.ts'

interface DeployEnvironment {
  /** The repository. */
  root: string
  /** The staging folder; emptied first. */
  into: string
  say(line: string): void
  /** Runs the sf CLI in a folder and returns its exit code; null when it is not installed. */
  sf(args: readonly string[], folder: string): Promise<number | null>
}

const USAGE = 'Usage: npm run deploy -- --brain-url https://missions.example.com [--target-org alias] [--dry-run]'

/** The exit code: 0 deployed (or staged, for a dry run), 1 refused, 2 a wrong command line. */
export async function deployCommand(argv: readonly string[], environment: DeployEnvironment): Promise<number> {
  const { root, into, say, sf } = environment
  const given = argumentsIn(argv)
  if (typeof given === 'string') {
    say(given)
    say(USAGE)
    return 2
  }
  const folder = await stage(root, into, given.brainUrl)
  const files = await readPackage(folder)
  const findings = [...files.findings, ...(await checkReferences(folder, files)), ...(await checkComponents(folder))]
  for (const { file, message } of findings) say(`${file}: ${message}`)
  if (findings.length > 0) {
    say(`${findings.length === 1 ? 'One finding' : `${findings.length} findings`}: nothing was deployed`)
    return 1
  }
  say(
    `${files.names.length} files staged in ${into}, checked as far as that goes without an org (not: Apex types and tests)`,
  )
  if (given.dryRun) return 0
  return handOver(sf, into, given.targetOrg, say)
}

function argumentsIn(argv: readonly string[]) {
  const options = {
    'brain-url': { type: 'string' },
    'target-org': { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ args: [...argv], options })
    return {
      brainUrl: brainOrigin(values['brain-url']),
      targetOrg: values['target-org'],
      dryRun: values['dry-run'],
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function handOver(
  sf: DeployEnvironment['sf'],
  into: string,
  targetOrg: string | undefined,
  say: DeployEnvironment['say'],
): Promise<number> {
  const target = targetOrg === undefined ? [] : ['--target-org', targetOrg]
  const code = await sf(['project', 'deploy', 'start', '--source-dir', join('force-app'), ...target], into)
  if (code === null)
    say('The sf CLI is not installed: npm install --global @salesforce/cli, then sf org login web, then again')
  if (code === 0) say('Deployed. Next: docs/setup.md, then npm run doctor')
  return code ?? 1
}
