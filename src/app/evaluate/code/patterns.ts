// What an answer has to say, and what it must not.
import { matches, prepare } from '../bounded-match'
import type { JudgeByCode } from '../evaluator'

export interface PatternsOptions {
  /** Regular expressions; each has to be found. */
  readonly required?: readonly string[]
  /** None may be found. */
  readonly forbidden?: readonly string[]
  readonly ignore_case?: boolean
}

export function patterns({ required = [], forbidden = [], ignore_case = false }: PatternsOptions): JudgeByCode {
  prepare()
  const compiled = (sources: readonly string[]) => sources.map(one => new RegExp(one, ignore_case ? 'iu' : 'u'))
  const [wanted, unwanted] = [compiled(required), compiled(forbidden)]
  return function* ({ answer }) {
    const wrong: string[] = []
    for (const pattern of wanted) {
      if (!matches(pattern, answer)) wrong.push(`${pattern} is missing`)
      yield
    }
    for (const pattern of unwanted) {
      if (matches(pattern, answer)) wrong.push(`${pattern} is forbidden`)
      yield
    }
    const isRight = wrong.length === 0
    return {
      score: isRight ? 1 : 0,
      label: isRight ? 'pass' : 'fail',
      ...(!isRight && { explanation: wrong.join('; ') }),
    }
  }
}
