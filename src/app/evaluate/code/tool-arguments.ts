// Whether the arguments of each tool call are what the tool's schema in the request says.
import { prepare } from '../bounded-match'
import type { JudgeByCode } from '../evaluator'
import { mismatch } from '../schema-mismatch'

interface Tool {
  readonly name?: unknown
  readonly parameters?: unknown
  readonly input_schema?: unknown
  readonly inputSchema?: unknown
  readonly type?: unknown
}

/** The score is the share of calls whose arguments fit. */
export function toolArguments(): JudgeByCode {
  prepare()
  return function* ({ output, tools }) {
    const known = tools.filter(one => typeof one === 'object' && one !== null) as Tool[]
    const wrong: string[] = []
    let count = 0
    for (const part of output.flatMap(({ parts }) => parts)) {
      if (part.type !== 'tool_call') continue
      yield
      const tool = known.find(({ name, type }) => (name ?? type) === part.name)
      const schema = tool?.parameters ?? tool?.input_schema ?? tool?.inputSchema
      // a tool of the provider's own has no schema in the request
      if (tool && schema === undefined) continue
      if (!tool && known.length === 0) continue
      count++
      const problem = tool ? yield* problemOf(schema, part.arguments) : 'is none of the tools of the request'
      if (problem !== undefined) wrong.push(`${String(part.name)}: ${problem}`)
    }
    if (count === 0) return undefined
    const isRight = wrong.length === 0
    return {
      score: (count - wrong.length) / count,
      label: isRight ? 'pass' : 'fail',
      ...(!isRight && { explanation: wrong.join('; ') }),
    }
  }
}

/** Arguments that are no JSON are text. */
function* problemOf(schema: unknown, given: unknown): Generator<undefined, string | undefined> {
  if (typeof given === 'string' && given !== '') return 'the arguments are no JSON'
  return yield* mismatch(schema, given === '' || given === undefined ? {} : given)
}
