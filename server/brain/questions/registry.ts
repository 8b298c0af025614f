import { extract } from './extract/question.ts'
import { sameEntity } from './same-entity/question.ts'
import type { AnyQuestionKind } from './asking/question.ts'
import { summary } from './summary/question.ts'
import { table } from './table/question.ts'

/** What a mission can ask, by the word its file says. One line a kind. */
export const QUESTIONS = {
  'same-entity': sameEntity,
  table,
  extract,
  summary,
} as const

type QuestionName = keyof typeof QUESTIONS

export const QUESTION_NAMES = Object.keys(QUESTIONS) as [QuestionName, ...QuestionName[]]

const isQuestion = (name: string): name is QuestionName => Object.hasOwn(QUESTIONS, name)

/** The kind of a question whose shape was checked against that kind. Throws TypeError for no kind. */
export function kindOf(name: string): AnyQuestionKind {
  if (!isQuestion(name)) throw new TypeError(`${name} is no kind of question`)
  return QUESTIONS[name] as unknown as AnyQuestionKind
}
