import { z } from 'zod'
import { affectedBy } from '../../decisions/affected-records.ts'
import { shownLeaves } from '../../decisions/view/redact.ts'
import { evidencePack } from '../../evidence/pack.ts'
import { tarOf } from '../../evidence/tar.ts'
import { route } from '../requests/route.ts'
import { union } from '../views/run-view.ts'
import { seenRun, sightInRun } from '../views/seen-runs.ts'

export const getEvidence = route({
  method: 'get',
  path: '/api/v1/runs/{id}/evidence',
  summary: 'A tar archive that proves what was recorded about the run, with a verifier that needs nothing but node',
  needs: ['Audit_Missions'],
  answers: z.string(),
  async handle(doors, { caller, param, response }) {
    const { run } = await seenRun(doors, caller, param('id'))
    const files = await evidencePack(doors.store, run, async ({ records, versions }) => {
      const wanted = union([{ records, fields: [] }, ...versions.map(({ proposal }) => affectedBy(proposal))])
      const access = await doors.visibility.readAccessOf(caller.userId, wanted)
      const seen = await sightInRun(doors, caller, run, access)
      return { record: seen.record, leaves: ({ leaves, proposal }) => shownLeaves(leaves, proposal, seen) }
    })
    response.type('application/x-tar').attachment(`evidence-${run.id}.tar`).send(tarOf(files))
    return undefined
  },
})
