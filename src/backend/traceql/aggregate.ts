import type { Aggregate } from './ast'
import { number, type Typed } from './typed-sql'

/**
 * SQL of an aggregate over the spans of a set. Like Tempo, it keeps ints and durations, except that the average of ints is a float, and it
 * ignores spans without a value.
 * @param of the value of each span
 */
export function aggregate(op: Aggregate['op'], of: Typed): Typed {
  if (op === 'count') return { int: 'count(*)' }
  const { int, duration } = of
  const float = of.float ?? of.number
  const all = number(of)
  if (all === undefined) return {}
  if (op === 'avg')
    return duration && !int && !float
      ? { duration: `(sum(${duration}) // count(${duration}))::BIGINT` }
      : { float: `avg(${all})` }
  if (duration && !int && !float) return { duration: `try_cast(${op}(${duration}) AS BIGINT)` }
  if (!int) return { float: `${op}(${all})` }
  if (!float && !duration) return { int: `try_cast(${op}(${int}) AS BIGINT)` }
  const onlyInts = `count(${all}) = count(${int})`
  return {
    int: `CASE WHEN ${onlyInts} THEN try_cast(${op}(${int}) AS BIGINT) END`,
    float: `CASE WHEN NOT ${onlyInts} THEN ${op}(${all}) END`,
  }
}
