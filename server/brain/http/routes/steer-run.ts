import { RunView } from '../../../contract/http.ts'
import { route, type Route } from '../requests/route.ts'
import { runView } from '../views/run-view.ts'
import { seenRun } from '../views/seen-runs.ts'

const SUMMARIES = {
  pause: 'Pauses a run where it is; nothing is lost',
  resume: 'Goes on with a paused or held run',
  cancel: 'Ends a run that has not begun to write; its open decision lapses',
}

const steer = (verb: keyof typeof SUMMARIES): Route =>
  route({
    method: 'post',
    path: `/api/v1/runs/{id}/${verb}`,
    summary: SUMMARIES[verb],
    needs: ['Launch_Missions', 'Decide_Missions', 'Administer_Missions'],
    answers: RunView,
    async handle(doors, { caller, param }) {
      const { run } = await seenRun(doors, caller, param('id'))
      await doors.steerRun(verb, run.id, caller.userId)
      const steered = await seenRun(doors, caller, run.id)
      return runView(steered.run, steered.access)
    },
  })

export const pauseRun = steer('pause')
export const resumeRun = steer('resume')
export const cancelRun = steer('cancel')
