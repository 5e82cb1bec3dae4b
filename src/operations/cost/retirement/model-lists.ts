/**
 * Retirement dates in a provider's list of models. OpenAI's list has `shutdown_date` (`YYYY-MM-DD` or null,
 * https://developers.openai.com/api/reference/resources/models/methods/list); other providers' lists have no dates.
 */

import { isDate } from '../../../shared/calendar/dates'
import { type Backend, getJson } from '../../../shared/queries/http'
import type { Retirement } from './retirement'

export async function listedRetirements(provider: string, list: Backend, path: string): Promise<Retirement[]> {
  const { data } = (await getJson(list, path, {})) as { data?: unknown }
  const models = Array.isArray(data) ? (data as { id?: unknown; shutdown_date?: unknown }[]) : []
  return models.flatMap(({ id, shutdown_date: date }) =>
    typeof id === 'string' && typeof date === 'string' && isDate(date)
      ? [{ provider, model: id, date, replacement: undefined, source: `${list.url}/${path}` }]
      : [],
  )
}
