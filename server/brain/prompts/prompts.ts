// What language models are told, by the file that holds it. The text is part of the journalled request: a changed one is a new question.
import { readFileSync } from 'node:fs'

const PROMPTS = ['second-opinion', 'extract', 'table', 'summary', 'review'] as const
export type PromptName = (typeof PROMPTS)[number]

export const INSTRUCTIONS = Object.fromEntries(
  PROMPTS.map((name) => [name, readFileSync(new URL(`${name}.md`, import.meta.url), 'utf8').trim()]),
) as Record<PromptName, string>

/** The same once more, after an answer that could not be read. */
export const repairOf = (name: PromptName): string =>
  `${INSTRUCTIONS[name]}\nYour last answer was no such JSON. Answer with nothing else.`

/** Every text of instructions that a model may get. */
export const ALL_INSTRUCTIONS: readonly string[] = PROMPTS.flatMap((name) => [INSTRUCTIONS[name], repairOf(name)])
