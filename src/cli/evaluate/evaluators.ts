// The evaluators of a file, for a command: without an app's process around them.
import { readFileSync } from 'node:fs'
import * as yaml from 'yaml'
import { readEvaluators } from '../../app/evaluate/config/file'
import type { Evaluator } from '../../app/evaluate/evaluator'
import type { Means } from '../../app/evaluate/means'
import type { Redactor } from '../../shared/redact'

/** @throws Error with all mistakes of the file, each with its place */
export function evaluatorsOf(
  file: string,
  redactor: Pick<Redactor, 'text'>,
  ask?: NonNullable<Means['fetch']>,
): readonly Evaluator[] {
  const means: Means = {
    redact: async text => redactor.text(text),
    environment: process.env,
    ...(ask && { fetch: ask }),
  }
  const { evaluators, mistakes } = readEvaluators(readFileSync(file, 'utf8'), yaml, means)
  if (mistakes.length > 0) throw new Error(mistakes.map(mistake => `${file}:${mistake}`).join('\n'))
  return evaluators
}
