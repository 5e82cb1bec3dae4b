/** Reads what is changed of the pipeline's own alerts. */
import { mapOf } from '../../shared/config/checked-file'
import { nearest } from '../../shared/config/nearest'
import { alertNames } from '../pipeline-rules/rules'
import { type ChangedLimits, type LimitName, limits } from '../pipeline-rules/thresholds'
import type { RawFile } from './raw'
import { durationOf, secondsOf } from './times'

export function alertsIn(file: RawFile): ChangedLimits {
  const all = Object.entries(mapOf(file.value.alerts))
  if (all.length === 0) return {}
  const known = alertNames()
  const changed: Record<string, number | 'off'> = {}
  for (const [name, value] of all) {
    const wrong = (message: string) => file.wrong(['alerts', name], message)
    if (!known.includes(name)) {
      wrong(`the pipeline has no alert "${name}"; did you mean "${nearest(name, known)}"?`)
      continue
    }
    const limit = value === 'off' ? 'off' : limitIn(name, value)
    if (limit !== undefined) changed[name] = limit
    else if (isLimit(name)) wrong(`${name} takes ${takes(name)}, or off`)
    else wrong(`${name} has no limit; it takes only off`)
  }
  return changed
}

const isLimit = (name: string): name is LimitName => Object.hasOwn(limits, name)

function limitIn(name: string, value: unknown): number | undefined {
  if (!isLimit(name)) return undefined
  const { unit } = limits[name]
  if (unit === 'time') return positive(secondsOf(value))
  if (unit === 'count')
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
  const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(String(value)) ?? []
  const share = positive(percent === undefined ? undefined : Number((Number(percent) / 100).toPrecision(12)))
  return share !== undefined && share <= 1 ? share : undefined
}

const positive = (number: number | undefined): number | undefined =>
  number !== undefined && number > 0 ? number : undefined

function takes(name: LimitName): string {
  const { unit, of, default: usual } = limits[name]
  if (unit === 'share') return `a share in percent ${of}, such as ${usual * 100}%`
  return unit === 'time' ? `a time ${of}, such as ${durationOf(usual)}` : `a number of ${of}, such as ${usual}`
}
