// The scenes that chance alone rarely plays: each is about one lead, and judged like the chaos.
import { signIn } from '../../../test/support/person.ts'
import { judgeNow } from '../chaos.ts'
import type { Wrong } from '../judge/judge.ts'
import type { Layout } from '../layout/layout.ts'
import type { GivenAnswer } from '../people/approver.ts'
import { killedInAWrite } from './killed-in-a-write.ts'
import { rejectedWhilePaused } from './rejected-while-paused.ts'
import { restoreDrill } from './restored.ts'

const SCENES = { 'rejected while paused': rejectedWhilePaused, 'killed in a write': killedInAWrite }
/** Beyond the companies of a chaos. */
const FROM = 4_500

/** The drill's own companies. */
const DRILL_FROM = 4_600

/** What the judge finds after a restore; a second write counts as one. */
export async function playRestore(layout: Layout, log: (line: string) => void): Promise<Wrong[]> {
  const admin = await signIn(layout.orgUrl, layout.brainUrl, 'admin')
  const answers: GivenAnswer[] = []
  const { known, verdictsOfUnknown, transactions } = await restoreDrill(layout, admin, DRILL_FROM, answers)
  const { wrong } = await judgeNow(layout, admin, answers, known)
  const { before, after } = transactions
  if (after !== before)
    wrong.push({ kind: 'doubled', about: 'restore', what: `${before} transactions before, ${after} after` })
  const others = verdictsOfUnknown.filter((verdict) => verdict !== 'nothing to do')
  wrong.push(...others.map((verdict): Wrong => ({ kind: 'verdict', about: 'restore', what: `${verdict}` })))
  log(`restored: ${wrong.length} wrong`)
  return wrong
}

/** What the judge finds after each scene. */
export async function playScenes(layout: Layout, log: (line: string) => void): Promise<Wrong[]> {
  const admin = await signIn(layout.orgUrl, layout.brainUrl, 'admin')
  const answers: GivenAnswer[] = []
  const found: Wrong[] = []
  for (const [at, [name, play]] of Object.entries(SCENES).entries()) {
    const subject = await play(layout, admin, FROM + at, answers)
    layout.faultAt = () => null
    const { wrong } = await judgeNow(layout, admin, answers, [subject])
    log(`scene "${name}": ${wrong.length} wrong`)
    found.push(...wrong)
  }
  return found
}
