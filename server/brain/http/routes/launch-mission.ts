import { LaunchBody, StartedRun } from '../../../contract/http.ts'
import { launch } from '../requests/launch.ts'
import { route } from '../requests/route.ts'

export const launchMission = route({
  method: 'post',
  path: '/api/v1/missions/{name}/runs',
  summary: 'Launches a mission about a record, or over the scope its portal offers',
  needs: ['Launch_Missions', 'Administer_Missions'],
  headers: { 'Idempotency-Key': 'The same key gives the same run' },
  body: LaunchBody,
  answers: StartedRun,
  status: 201,
  handle: (doors, { caller, param, body, header }) =>
    launch(doors, caller, param('name'), body, header('idempotency-key')),
})
