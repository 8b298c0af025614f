import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import { definitionHash, sourceHash } from '../../../server/brain/domain/intact.ts'
import type { Decision, ChangeSetVersion } from '../../../server/brain/domain/decision.ts'
import type { MissionVersion } from '../../../server/brain/domain/mission.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { clock, ids } from './databases.ts'

let leads = 0

/** A lead id that no other test uses. */
export const freshLead = () => `00Q${String((leads += 1)).padStart(12, '0')}AAA`

export function someRun(change: Partial<Run> = {}): Run {
  const subject = { object: 'Lead', id: freshLead() }
  const at = clock.now()
  const id = ids.next()
  return {
    id,
    mission: 'tidy',
    missionVersion: 1,
    title: 'Tidy up',
    status: 'running',
    phase: 'trigger',
    trigger: {
      kind: 'change',
      change: 'Lead.created',
      subject,
      scope: null,
      launcher: null,
      at,
      idempotencyKey: `key-${id}`,
    },
    subject,
    subjectName: null,
    reason: null,
    nextTryAt: null,
    tries: 0,
    verdict: null,
    apiCalls: 0,
    tokens: 0,
    costMicros: 0,
    currency: null,
    decisionId: null,
    differences: [],
    retrigger: false,
    startedAt: at,
    updatedAt: at,
    erased: null,
    ...change,
  }
}

export function someMission(
  name: string,
  limits: Partial<MissionVersion['definition']['limits']> = {},
): MissionVersion {
  const source = `mission: ${name}`
  const gate = [{ otherwise: true as const, asks: [{ needs: 1, from: 'group:RevOps' }] }]
  const definition: MissionVersion['definition'] = {
    mission: name,
    title: 'Tidy up',
    description: '',
    trigger: [{ change: 'Lead.created', after: '0s' }],
    read: [],
    knowledge: ['policy'],
    reason: [],
    let: {},
    skip: [],
    propose: [],
    gate,
    facts: {},
    limits: { records: 1, perDay: 1000, open: 1000, apiCalls: 12, minutes: 1, tokens: 5000, ...limits },
  }
  const grant: Grant = {
    mission: name,
    version: 1,
    reads: { Lead: ['Company'] },
    writes: {},
    gate,
    facts: {},
    definition: { parsed: definitionHash(definition), source: sourceHash(source) },
    knowledge: { policy: { version: 1, hash: sourceHash('# Policy') } },
    limits: { records: 1, apiCalls: 12 },
  }
  return {
    name,
    version: 1,
    source,
    definition,
    grant,
    grantHash: grantHash(grant),
    knowledge: { policy: 1 },
    activation: { token: 't', takenAt: clock.now(), seal: 'b'.repeat(64) },
    activatedBy: '005000000000001AAA',
    activatedAt: clock.now(),
    signedFirst: null,
    endsAt: '2100-01-01T00:00:00.000Z',
    waiting: null,
    withdrawn: null,
  }
}

export function someDecision(run: Run): { decision: Decision; changeSet: ChangeSetVersion } {
  const id = ids.next()
  const at = clock.now()
  return {
    decision: {
      id,
      runId: run.id,
      mission: run.mission,
      status: 'open',
      version: 1,
      risk: 'medium',
      subject: { object: 'Lead', id: run.subject?.id ?? '', name: 'Maria Okonkwo' },
      createdAt: at,
      expiresAt: '2100-01-01T00:00:00.000Z',
      commitsAt: null,
      rosters: [{ from: 'group:RevOps', needs: 1, users: [{ id: '005000000000001AAA', name: 'Ada' }] }],
      isErased: false,
    },
    changeSet: {
      decisionId: id,
      version: 1,
      digest: 'c'.repeat(64),
      leaves: [{ path: '/org', salt: 's'.repeat(22), value: 'x' }],
      proposal: { sentence: ['Merge'] },
      gate: { lines: [0], rosters: [{ needs: 1, from: 'group:RevOps' }] },
      rights: [],
      notice: null,
      createdAt: at,
    } as unknown as ChangeSetVersion,
  }
}
