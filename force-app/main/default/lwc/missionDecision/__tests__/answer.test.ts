import { expect, jest, test } from '@jest/globals'
import { BrainProblem, NoAnswer, OrgRefusal } from 'c/missionSession'
import { answerErrorOf, type Answer } from '../answer'

jest.mock('@salesforce/apex/MissionSession.open', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })
jest.mock('@salesforce/apex/MissionSession.decide', () => ({ __esModule: true, default: jest.fn() }), { virtual: true })

const problem = (code: string, status: number) =>
  new BrainProblem({ type: `urn:missions:problem:${code}`, title: 'Its title', status, detail: 'Its detail.' })

const COUNTED = 'Its detail. Your answer was not counted.'
const UNKNOWN = 'Its detail. It is not known whether your answer arrived. Show the current version to check.'
const BEGUN = 'Its detail. What was written shows here once Salesforce was read back.'

test.each<[code: string, status: number, answer: Answer, title: string, detail: string, stale: boolean]>([
  ['stale', 409, 'approved', 'Its title', 'Its detail.', true],
  ['expired', 409, 'approved', 'Its title', 'Its detail.', true],
  ['already-answered', 409, 'rejected', 'Its title', 'Its detail.', true],
  ['wrong-status', 409, 'taken-back', 'Its title', 'Its detail.', true],
  ['writing-begun', 409, 'taken-back', 'Its title', BEGUN, true],
  ['forbidden', 403, 'approved', 'Not approved', COUNTED, false],
  ['forbidden', 403, 'rejected', 'Not rejected', COUNTED, false],
  ['forbidden', 403, 'taken-back', 'Not taken back', COUNTED, false],
  ['invalid-input', 400, 'approved', 'Not approved', COUNTED, false],
  ['not-found', 404, 'approved', 'Not approved', COUNTED, false],
  ['salesforce', 503, 'approved', 'Not approved', COUNTED, false],
  ['salesforce', 502, 'taken-back', 'Not taken back', COUNTED, false],
  ['internal', 500, 'approved', 'Its title', UNKNOWN, true],
  ['internal', 500, 'taken-back', 'Its title', UNKNOWN, true],
])(
  'a problem %s (%i) of an answer that was to be %s says what is known',
  (code, status, answer, title, detail, stale) => {
    expect(answerErrorOf(problem(code, status), answer)).toEqual({ title, detail, stale })
  },
)

test('a gateway that answers in place of the brain leaves open whether the answer arrived', () => {
  const gateway = new BrainProblem({ type: 'about:blank', title: 'HTTP 504', status: 504, detail: '' })
  expect(answerErrorOf(gateway, 'approved')).toMatchObject({ title: 'HTTP 504', stale: true })
  expect(answerErrorOf(gateway, 'approved').detail).toContain('It is not known whether your answer arrived.')
})

test('an answer that Salesforce did not sign was not counted', () => {
  expect(answerErrorOf(new OrgRefusal('You may not edit Account.OwnerId.'), 'approved')).toEqual({
    title: 'Not approved',
    detail: 'You may not edit Account.OwnerId. Your answer was not counted.',
    stale: false,
  })
})

test.each([new NoAnswer(), new SyntaxError('not JSON')])(
  'after %s it is not known whether the answer arrived',
  (error) => {
    expect(answerErrorOf(error, 'approved')).toMatchObject({ title: 'No answer', stale: true })
    expect(answerErrorOf(error, 'approved').detail).toContain('It is not known whether your answer arrived.')
  },
)
