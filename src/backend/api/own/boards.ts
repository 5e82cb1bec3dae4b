// `GET /api/afn/boards` and `/boards/UID`: the model from which the JSON of the Grafana boards is generated. Prometheus' routes answer the
// queries of the boards.

import { secondsOfDuration } from '../../../shared/queries/window'
import { resolutionSteps } from '../../../shared/tiers'
import { Refused } from '../../body'
import type { QueryParams } from '../../request-parameters'
import type { BoardAnswer, BoardsAnswer, Thinned } from '../board-answers'
import { oneOf } from '../parameters'
import type { Parts } from '../parts'

const languages = ['en', 'ja'] as const

const inLanguage = ({ boards }: Parts, params: QueryParams) => boards(oneOf(params, 'lang', languages, 'en'))

export function boards(parts: Parts, params: QueryParams): BoardsAnswer {
  const { boards, problems } = inLanguage(parts, params)
  return { boards: boards.map(({ uid, title, description }) => ({ uid, title, description })), problems }
}

/** @throws Refused with 404 */
export function board(parts: Parts, params: QueryParams, uid: string): BoardAnswer {
  const { boards } = inLanguage(parts, params)
  const found = boards.find(one => one.uid === uid)
  if (found) return { ...found, thinned: thinnedIn(parts) }
  throw new Refused(404, `unknown board "${uid}"; available: ${boards.map(one => one.uid).join(', ')}`)
}

/** A Prometheus keeps every sample, so nothing is thinned. */
function thinnedIn({ prometheus, now, retention: { metrics } }: Parts): Thinned[] {
  if (prometheus !== undefined) return []
  const after = (days: number, step: string): Thinned => ({
    before: Math.floor(now() / 1_000) - days * 86_400,
    step: secondsOfDuration('step', step),
  })
  return [after(metrics.high, resolutionSteps.medium), after(metrics.medium, resolutionSteps.low)]
}
