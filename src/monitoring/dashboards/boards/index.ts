/** The boards of this package that every installation has. */
import type { Board, Range } from '../board'
import { type Language, textsOf } from '../words'
import { codingAgents } from './coding-agents'
import type { Frame } from './frame'
import { llm } from './llm'
import { overview } from './overview'
import { performance } from './performance'
import { security } from './security'

/** The servers of metrics that there are, with the days for which each keeps them, the shortest first. */
export type MetricRetention = Readonly<Partial<Record<'high' | 'medium' | 'low', number>>>

/** Uid of the data source of a server, as src/pipeline/deployment provisions it. */
export const sourceUid = (resolution: keyof MetricRetention): string => `prometheus-${resolution}`

export function frameOf(language: Language, kept: MetricRetention): Frame {
  const text = textsOf(language)
  const resolutions = Object.keys(kept) as (keyof MetricRetention)[]
  const ranges = resolutions.map(
    (resolution): Range => ({
      title: daysOf(kept[resolution] ?? 0, language),
      from: `now-${kept[resolution]}d`,
      datasource: sourceUid(resolution),
    }),
  )
  return { text, ranges }
}

/** By the name of their files. */
export function boardsOf(language: Language, kept: MetricRetention): Readonly<Record<string, Board>> {
  const frame = frameOf(language, kept)
  return {
    overview: overview(frame),
    'llm-analytics': llm(frame),
    'coding-agents': codingAgents(frame),
    performance: performance(frame),
    security: security(frame),
  }
}

const daysOf = (days: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days)
