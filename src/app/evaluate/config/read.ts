// Reads evaluators: those of a file, and one that the app adds. All that is wrong is found at once; an evaluator without a mistake is made
// although others of the file have some.
import { nearest } from '../../../shared/config/nearest'
import { type Condition, compile } from '../condition'
import type { Evaluator, JudgeByAsking } from '../evaluator'
import type { Means } from '../means'
import { type Fields, isMap, many, number, oneOf, type Path, type Problem, problemsIn, text, whole } from './fields'
import { kinds } from './kinds'

export interface Made {
  readonly evaluators: readonly Evaluator[]
  readonly problems: readonly Problem[]
}

/** How often a model is asked where nothing is said, and how often code judges. */
const [ASKED_AN_HOUR, JUDGED_AN_HOUR] = [60, 1_000]
const SECONDS = 10

const names = { takes: 'a text, or a list of texts; * stands for any characters', fits: many(text).fits }
const value = { takes: 'a text, a number or true or false', fits: (one: unknown) => ['string', 'number', 'boolean'].includes(typeof one) } // biome-ignore format: one field
const conditionFields: Fields = {
  model: names,
  provider: names,
  operation: names,
  agent: names,
  attributes: { takes: 'a map of attributes', fits: isMap },
}

const common: Fields = {
  name: {
    takes: 'what is judged, such as "valid_order": 1 to 64 letters, digits, and _ . -',
    fits: one => typeof one === 'string' && /^[\w.-]{1,64}$/.test(one),
  },
  evaluator: text,
  rate: number(0, 1),
  per_hour: whole(0, 100_000),
  threshold: number(-1e6, 1e6, 'a number'),
  when: { takes: 'a map', fits: isMap },
}

const fileFields: Fields = {
  version: { takes: '1', fits: one => one === 1 },
  evaluators: { takes: 'a list of evaluators', fits: one => Array.isArray(one) && one.length > 0 },
}

export function evaluatorsIn(file: unknown, means: Means): Made {
  const problems = problemsIn(file, [], fileFields, ['version', 'evaluators'], nearest)
  const list = isMap(file) && Array.isArray(file.evaluators) ? (file.evaluators as unknown[]) : []
  const taken = new Set<unknown>()
  const made = list.map((one, at) => {
    const path = ['evaluators', at]
    const read = evaluatorOf(one, path, means)
    if (isMap(one) && typeof one.name === 'string') {
      if (taken.has(one.name))
        return { problems: [...read.problems, { path: [...path, 'name'], message: `name ${one.name} stands there twice; rename one of them` }] } // biome-ignore format: one problem
      taken.add(one.name)
    }
    return read
  })
  return {
    evaluators: made.flatMap(one => ('evaluator' in one && one.evaluator ? [one.evaluator] : [])),
    problems: [...problems, ...made.flatMap(one => one.problems)],
  }
}

/** Of one that the app adds, `evaluate` may stand in the place of a type. */
export function evaluatorOf(
  given: unknown,
  path: Path,
  means: Means,
): { readonly evaluator?: Evaluator; readonly problems: readonly Problem[] } {
  if (!isMap(given)) return { problems: problemsIn(given, path, common, [], nearest) }
  const { type, evaluate, ...options } = given
  if (typeof evaluate === 'function') return ofFunction(given, path)
  const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type]! : undefined
  if (!kind) {
    const types = oneOf(...Object.keys(kinds))
    return { problems: problemsIn({ type }, path, { type: types }, ['type'], nearest) }
  }
  const fields = { ...common, ...kind.fields }
  const problems = [
    ...problemsIn(options, path, fields, ['name', ...kind.required], nearest),
    ...conditionProblems(options.when, [...path, 'when']),
  ]
  const wrong = problems.length === 0 ? kind.wrong?.(options) : undefined
  if (wrong !== undefined) problems.push({ path, message: wrong })
  if (problems.length > 0) return { problems }
  const shared = sharedOf(options)
  // the table has checked them
  const own = options as never
  if ('byCode' in kind) {
    const threshold = shared.threshold ?? kind.threshold
    const evaluator = { name: shared.judge ?? String(type), type: 'code' as const }
    const perHour = shared.perHour ?? JUDGED_AN_HOUR
    return { problems, evaluator: { ...shared, threshold, perHour, evaluator, judge: { byCode: kind.byCode(own) } } }
  }
  const { min, max, timeout_seconds: seconds = SECONDS } = options as { min?: number; max?: number; timeout_seconds?: number } // biome-ignore format: one line
  return {
    problems,
    evaluator: {
      ...shared,
      min,
      max,
      perHour: shared.perHour ?? ASKED_AN_HOUR,
      evaluator: { name: shared.judge ?? kind.nameOf(own), type: 'llm' },
      judge: { byAsking: kind.byAsking(own, means), timeoutMs: seconds * 1_000 },
    },
  }
}

/** What a function says of itself. */
const functionFields: Fields = {
  ...common,
  evaluate: { takes: 'a function', fits: one => typeof one === 'function' },
  type: oneOf('code', 'llm'),
  min: number(-1e6, 1e6, 'a number'),
  max: number(-1e6, 1e6, 'a number'),
  timeout_seconds: number(1, 600),
}

function ofFunction(given: Readonly<Record<string, unknown>>, path: Path) {
  const problems = [
    ...problemsIn(given, path, functionFields, ['name', 'evaluate'], nearest),
    ...conditionProblems(given.when, [...path, 'when']),
  ]
  if (problems.length > 0) return { problems }
  const {
    type = 'code',
    min,
    max,
    evaluate,
    timeout_seconds: seconds = SECONDS,
  } = given as {
    type?: 'code' | 'llm'
    min?: number
    max?: number
    evaluate: JudgeByAsking
    timeout_seconds?: number
  }
  const shared = sharedOf(given)
  const evaluator: Evaluator = {
    ...shared,
    min,
    max,
    perHour: shared.perHour ?? (type === 'llm' ? ASKED_AN_HOUR : JUDGED_AN_HOUR),
    evaluator: { name: shared.judge ?? 'function', type },
    judge: { byAsking: evaluate, timeoutMs: seconds * 1_000 },
  }
  return { problems, evaluator }
}

function sharedOf(options: Readonly<Record<string, unknown>>) {
  const {
    name,
    evaluator: judge,
    rate = 1,
    per_hour: perHour,
    threshold,
    when,
  } = options as {
    name: string
    evaluator?: string
    rate?: number
    per_hour?: number
    threshold?: number
    when?: Condition
  }
  return { name, judge, rate, perHour, threshold, isMeant: compile(when) }
}

function conditionProblems(when: unknown, path: Path): Problem[] {
  if (!isMap(when)) return []
  const { attributes } = when
  const known = isMap(attributes) ? Object.fromEntries(Object.keys(attributes).map(key => [key, many(value)])) : {}
  return [
    ...problemsIn(when, path, conditionFields, [], nearest),
    ...(isMap(attributes) ? problemsIn(attributes, [...path, 'attributes'], known, [], nearest) : []),
  ]
}
