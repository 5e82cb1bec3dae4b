// Whether the answer is JSON, and what a schema says.
import { prepare } from '../bounded-match'
import type { JudgeByCode } from '../evaluator'
import { mismatch } from '../schema-mismatch'

export interface JsonSchemaOptions {
  /** JSON Schema. */
  readonly schema: unknown
}

export function jsonSchema({ schema }: JsonSchemaOptions): JudgeByCode {
  prepare()
  return function* ({ answer, output }) {
    // a model that calls tools has not answered yet
    if (answer === '' && output[0]?.parts.some(({ type }) => type === 'tool_call')) return undefined
    let value: unknown
    try {
      value = JSON.parse(answer)
    } catch {
      return { score: 0, label: 'fail', explanation: 'the answer is no JSON' }
    }
    yield
    const wrong = yield* mismatch(schema, value)
    if (wrong === undefined) return { score: 1, label: 'pass' }
    return { score: 0, label: 'fail', explanation: wrong }
  }
}
