// The types of evaluators: what each may be told, and the judge that is made of it.
import { groundedness } from '../code/groundedness'
import { jsonSchema } from '../code/json-schema'
import { language } from '../code/language'
import { length } from '../code/length'
import { patterns } from '../code/patterns'
import { refusal } from '../code/refusal'
import { repetition } from '../code/repetition'
import { toolArguments } from '../code/tool-arguments'
import type { JudgeByAsking, JudgeByCode } from '../evaluator'
import { modelJudge } from '../judge/model'
import { languages } from '../languages'
import type { Means } from '../means'
import { problemOfSchema } from '../schema-mismatch'
import { expression, type Field, type Fields, flag, isMap, listOf, many, number, oneOf, text, whole } from './fields'

interface Common {
  readonly fields: Fields
  readonly required: readonly string[]
  /** What each of them can't say alone. */
  readonly wrong?: (options: Readonly<Record<string, unknown>>) => string | undefined
  /** The score from which on an answer passes, where nothing else is said. */
  readonly threshold?: number
}

type Kind = Common &
  (
    | { readonly byCode: (options: never) => JudgeByCode }
    | {
        readonly byAsking: (options: never, means: Means) => JudgeByAsking
        readonly nameOf: (options: never) => string
      }
  )

const schema: Field = {
  takes: 'a JSON Schema',
  fits: value => (isMap(value) || typeof value === 'boolean' ? (problemOfSchema(value) ?? true) : false),
}
const code = oneOf(...languages)
const http: Field = {
  takes: 'an address that begins with http:// or https://',
  fits: value => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value),
}
const map: Field = { takes: 'a map', fits: isMap }

const isAbove = (least: unknown, most: unknown): boolean =>
  typeof least === 'number' && typeof most === 'number' && least > most

export const kinds: Readonly<Record<string, Kind>> = {
  json_schema: { fields: { schema }, required: ['schema'], threshold: 1, byCode: jsonSchema },
  tool_arguments: { fields: {}, required: [], threshold: 1, byCode: toolArguments },
  refusal: { fields: { phrases: listOf(text) }, required: [], threshold: 1, byCode: refusal },
  groundedness: {
    fields: { sources: oneOf('tool', 'user', 'system'), citations: flag, overlap: number(0, 1) },
    required: [],
    threshold: 0.8,
    byCode: groundedness,
  },
  language: {
    fields: { expected: many({ ...code, fits: value => value === 'question' || code.fits(value) }) },
    required: [],
    threshold: 1,
    byCode: language,
  },
  length: {
    fields: {
      min: whole(0, 1_000_000),
      max: whole(0, 1_000_000),
      unit: oneOf('characters', 'words', 'sentences'),
    },
    required: [],
    wrong: ({ min, max }) =>
      min === undefined && max === undefined
        ? 'min and max are missing; give one of them'
        : isAbove(min, max)
          ? `min ${min} is above max ${max}`
          : undefined,
    threshold: 1,
    byCode: length,
  },
  patterns: {
    fields: { required: listOf(expression), forbidden: listOf(expression), ignore_case: flag },
    required: [],
    wrong: ({ required, forbidden }) =>
      required === undefined && forbidden === undefined
        ? 'required and forbidden are missing; give one of them'
        : undefined,
    threshold: 1,
    byCode: patterns,
  },
  repetition: { fields: {}, required: [], threshold: 0.5, byCode: repetition },
  judge: {
    fields: {
      rubric: text,
      api: oneOf('openai', 'anthropic'),
      model: text,
      url: http,
      key_env: text,
      parameters: map,
      min: number(-1e6, 1e6, 'a number'),
      max: number(-1e6, 1e6, 'a number'),
      timeout_seconds: number(1, 600),
    },
    required: ['rubric', 'model'],
    wrong: ({ min = 0, max = 1 }) =>
      typeof min === 'number' && typeof max === 'number' && min >= max
        ? `min ${min} is not below max ${max}`
        : undefined,
    byAsking: (options: Parameters<typeof modelJudge>[0], means) => modelJudge(options, means),
    nameOf: ({ model }: { model: string }) => model,
  },
}
