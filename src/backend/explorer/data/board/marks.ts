// Marks in time, such as deploys: where the query of an annotation has values.
import type { Annotation, Level } from '../../../../monitoring/dashboards/board'
import type { TimeRange } from '../../range'
import { type PrometheusSeries, rangeQuestion } from './panel-queries'
import { legendOf, pointsOf } from './series'
import { SAMPLES } from './times'
import type { Choices } from './variables'

export interface Mark {
  /** The annotation's, and what it says of this one. */
  readonly name: string
  readonly title: string
  readonly level: Level
  /** Seconds since 1970. */
  readonly from: number
  readonly to: number
}

/** Seconds, as in Grafana's JSON; longer where a range has more than 500 of them. */
const stepOf = ({ start, end }: TimeRange): number => Math.max(60, Math.ceil((end - start) / 500 / 60) * 60)

export function questionOf({ expr }: Annotation, range: TimeRange, names: readonly string[], choices: Choices): string {
  return rangeQuestion(expr, names, choices, { range, step: stepOf(range), samples: SAMPLES })
}

/** Values that are a step apart are one mark. */
export function marksOf(
  { name, title, level }: Annotation,
  range: TimeRange,
  found: readonly PrometheusSeries[],
): Mark[] {
  const step = stepOf(range)
  return found.flatMap(one => {
    const marks: Mark[] = []
    for (const [time] of pointsOf(one)) {
      const last = marks.at(-1)
      if (last && time - last.to <= step) marks[marks.length - 1] = { ...last, to: time }
      else marks.push({ name, title: legendOf(title, one.metric), level, from: time, to: time })
    }
    return marks
  })
}
