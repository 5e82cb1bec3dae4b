/**
 * Reads a file of SLOs. Every mistake of the file is found at once, each with its place; an SLO without one is read although others
 * of the file have some.
 */

import {
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_GEN_AI_EVALUATION_NAME,
  METRIC_AFN_LLM_EVALUATION_RESULTS,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS,
} from '../../semconv'
import { CheckedFile, type Mistake, type Path } from '../config/checked-file'
import { latencyOf } from './latency'
import { problemsOfSli } from './queries'
import {
  type FileAlert,
  type FileExclusion,
  type FileLabels,
  type FileSli,
  type FileSlo,
  type FileWhere,
  type SloFile,
  schema,
  weekdays,
} from './schema'
import {
  type AlertExtras,
  type AlertKind,
  defaultSeverities,
  type Exclusion,
  type Matcher,
  type Matchers,
  type Metric,
  type Sli,
  type Slo,
  tierNames,
} from './spec'
import { problemInTemplate } from './templates'
import { canFire, tiersOf } from './windows'
import { cannotFire } from './words'

export interface ReadSlos {
  /** Those without a mistake. */
  readonly slos: readonly Slo[]
  /** In the order of their places. */
  readonly mistakes: readonly Mistake[]
  /** What is done otherwise than the file may expect, with the reason; no mistake. */
  readonly notes: readonly string[]
}

/**
 * @param text YAML or JSON; several documents, parted by `---`, are several services, as in Sloth
 * @param taken ids of SLOs of other files; those of this one are added
 */
export function readSlos(text: string, taken: Set<string> = new Set()): ReadSlos {
  const parts = documents(text).map(part => new FileReader(part, taken))
  return {
    slos: parts.flatMap(part => part.slos),
    mistakes: parts.flatMap(part => part.mistakes),
    notes: parts.flatMap(part => part.notes),
  }
}

/** Each with as many empty lines before it as keep its lines where they are in the file. */
function documents(text: string): string[] {
  const marks = [...text.matchAll(/^---(?=\s|$)[^\n]*/gm)]
  const starts = [0, ...marks.map(({ index, 0: mark }) => index + mark.length)]
  const parts = starts.map((start, at) => ({ start, part: text.slice(start, marks[at]?.index) }))
  const full = parts.filter(({ part }) => part.replace(/^\s*#.*$/gm, '').trim() !== '')
  if (full.length === 0) return [text]
  return full.map(({ start, part }) => text.slice(0, start).replace(/[^\n]+/g, '') + part)
}

class FileReader {
  readonly slos: readonly Slo[]
  readonly mistakes: readonly Mistake[]
  readonly notes: string[] = []
  readonly #file: CheckedFile

  constructor(text: string, taken: Set<string>) {
    this.#file = new CheckedFile(text, schema, { merge: true })
    const value = this.#file.value as Partial<SloFile> | undefined
    const slos = Array.isArray(value?.slos) ? (value.slos as readonly FileSlo[]) : []
    const isReadable = (path: Path) => !this.#file.isWrong(path)
    const whole = value as SloFile
    // what all share has to be right before one of them can be
    const shared = (['version', 'service', 'compat', 'labels', 'period', 'severities', 'exclude'] as const).every(
      key => whole?.[key] === undefined || isReadable([key]),
    )
    const usable = value !== undefined && shared && typeof value.service === 'string' && value.version !== undefined
    if (usable) this.#checkExclusions(whole.exclude, ['exclude'])
    const read = slos.map((slo, at) => {
      const path = ['slos', at]
      if (!usable || !isReadable(path)) return undefined
      const one = normalised(whole, slo)
      this.#check(whole, slo, one, path, taken)
      return isReadable(path) ? one : undefined
    })
    this.slos = usable && this.#exclusionsAreRight() ? read.filter(slo => slo !== undefined) : []
    this.mistakes = this.#file.mistakes
  }

  #exclusionsAreRight(): boolean {
    return !this.#file.isWrong(['exclude'])
  }

  #check(file: SloFile, slo: FileSlo, read: Slo, path: Path, taken: Set<string>): void {
    const wrong = (below: Path, message: string) => this.#file.wrong([...path, ...below], message)
    if (taken.has(read.id))
      wrong(
        ['name'],
        `${slo.name}: another SLO has the identifier "${read.id}", which is service and name; rename one of them`,
      )
    taken.add(read.id)
    for (const [key, problem] of problemsOfSli(read.sli)) wrong(['sli', ...key], problem)
    this.#checkExclusions(slo.exclude, [...path, 'exclude'])
    if (read.compat === 'sloth') {
      const key = (['low_traffic', 'exclude', 'severities'] as const).find(key => slo[key] !== undefined)
      if (key) wrong([key], `${slo.name}: "${key}" has no effect where compat is sloth; remove one of them`)
      if (file.exclude) wrong([], `${slo.name}: "exclude" has no effect where compat is sloth; remove one of them`)
    }
    this.#checkTiers(file, slo, read, wrong)
    for (const kind of ['page_alert', 'ticket_alert', undefined] as const) {
      const alert = kind ? slo.alerting?.[kind] : slo.alerting
      for (const part of ['labels', 'annotations'] as const)
        for (const [name, value] of Object.entries(alert?.[part] ?? {})) {
          const problem = problemInTemplate(String(value))
          const key = ['alerting', ...(kind ? [kind] : []), part, name]
          if (problem) wrong(key, `${slo.name}: ${name} is no template of Prometheus: ${problem}`)
        }
      const severity = alert?.labels?.severity
      if (severity !== undefined && read.compat === undefined)
        this.notes.push(
          `${read.id}: the label severity "${severity}" of alerting${kind ? `.${kind}` : ''} is left out; "severities" says it for each alert`,
        )
    }
    if (read.sli.kind === 'raw' && read.compat === undefined)
      this.notes.push(
        `${read.id}: sli.raw has no counts, so its budget weighs every moment alike, however many events it has, and one failure of few events may alert; sli.events has neither`,
      )
  }

  #checkTiers(file: SloFile, slo: FileSlo, read: Slo, wrong: (below: Path, message: string) => void): void {
    const dead = tiersOf(read).filter(tier => !canFire(tier))
    for (const tier of dead) {
      const wanted = slo.severities?.[tier.name] ?? file.severities?.[tier.name]
      const message = cannotFire(read, tier)
      if (wanted !== undefined && wanted !== 'off')
        wrong(['severities', tier.name], `${message}; write off, or a higher objective`)
      else if (read.compat === 'sloth') this.notes.push(`${message}; Sloth writes it all the same`)
      else if (wanted === undefined) this.notes.push(`${message}; it is left out`)
    }
    if (dead.length === tierNames.length)
      wrong(['objective'], `${slo.name}: no alert about its budget can ever fire at ${slo.objective} %`)
  }

  #checkExclusions(exclusions: readonly FileExclusion[] | undefined, path: Path): void {
    for (const [at, exclusion] of (exclusions ?? []).entries()) {
      if ('days' in exclusion) continue
      for (const key of ['start', 'end'] as const)
        if (Number.isNaN(Date.parse(exclusion[key])))
          this.#file.wrong([...path, at, key], `${JSON.stringify(exclusion[key])} is no time that a calendar has`)
      if (Date.parse(exclusion.end) <= Date.parse(exclusion.start))
        this.#file.wrong([...path, at, 'end'], `"end" is not after "start"; exchange them`)
    }
  }
}

function normalised(file: SloFile, slo: FileSlo): Slo {
  const { service } = file
  const isSloth = file.compat === 'sloth'
  const { page_alert, ticket_alert } = slo.alerting ?? {}
  // who wants no alerts in Sloth's words wants none of ours
  const unwanted = isSloth
    ? {}
    : {
        ...(page_alert?.disable && { metric_absent: 'off' as const }),
        ...(ticket_alert?.disable && { data_invalid: 'off' as const }),
      }
  const severities = { ...defaultSeverities, ...unwanted, ...file.severities, ...slo.severities }
  return {
    id: `${service}-${slo.name}`,
    service,
    name: slo.name,
    description: slo.description ?? '',
    objective: slo.objective,
    period: slo.period ?? file.period ?? '30d',
    labels: texts(file.labels, slo.labels),
    sli: sliOf(slo.sli, service),
    alerts: {
      name: slo.alerting?.name ?? upperCamel(slo.name),
      page: extras(slo, slo.alerting?.page_alert, isSloth),
      ticket: extras(slo, slo.alerting?.ticket_alert, isSloth),
      severities: severities as Record<AlertKind, (typeof severities)[AlertKind]>,
    },
    lowTraffic: { failures: slo.low_traffic?.failures ?? 2, events: slo.low_traffic?.events ?? 0 },
    exclude: [...(file.exclude ?? []), ...(slo.exclude ?? [])].map(exclusionOf),
    compat: file.compat,
  }
}

/** What stands later holds. */
const texts = (...labels: (FileLabels | undefined)[]): Record<string, string> =>
  Object.fromEntries(labels.flatMap(some => Object.entries(some ?? {})).map(([name, value]) => [name, String(value)]))

/** `checkout-availability` becomes `CheckoutAvailability`. */
const upperCamel = (name: string): string =>
  name.replace(/(?:^|[-_.]+)([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase())

function extras({ alerting }: FileSlo, alert: FileAlert | undefined, isSloth: boolean): AlertExtras {
  const { severity, ...labels } = texts(alerting?.labels, alert?.labels)
  return {
    disabled: alert?.disable ?? false,
    labels: isSloth && severity !== undefined ? { ...labels, severity } : labels,
    annotations: texts(alerting?.annotations, alert?.annotations),
  }
}

function sliOf(sli: FileSli, service: string): Sli {
  if (sli.events) return { kind: 'events', errorQuery: sli.events.error_query, totalQuery: sli.events.total_query }
  if (sli.raw) return { kind: 'raw', errorRatioQuery: sli.raw.error_ratio_query }
  if (sli.latency) {
    return { kind: 'latency', ...latencyOf(sli.latency), where: ofService(sli.latency.where, service) }
  }
  if (sli.ratio) {
    const { metric, type = 'counter', unit = type === 'counter' ? '1' : 's', where, bad, good } = sli.ratio
    return {
      kind: 'ratio',
      metric: { name: metric, unit, type },
      where: ofService(where, service),
      selects: bad ? 'bad' : 'good',
      alternatives: (bad ?? good ?? []).map(matchersOf),
    }
  }
  return evaluations(sli.evaluation ?? {}, service)
}

/** Evaluations that judged: an evaluator that failed or was skipped says nothing about the answer. */
function evaluations({ name, where }: NonNullable<FileSli['evaluation']>, service: string): Sli {
  const outcome = (operator: '=' | '=~', value: string): Matcher => ({
    attribute: ATTR_AFN_LLM_EVALUATION_OUTCOME,
    operator,
    value,
  })
  const named: Matchers =
    name === undefined ? [] : [{ attribute: ATTR_GEN_AI_EVALUATION_NAME, operator: '=', value: name }]
  const { unit } = METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS
  const metric: Metric = { name: METRIC_AFN_LLM_EVALUATION_RESULTS, unit, type: 'counter' }
  return {
    kind: 'ratio',
    metric,
    where: [...ofService(where, service), ...named, outcome('=~', 'pass|fail')],
    selects: 'bad',
    alternatives: [[outcome('=', 'fail')]],
  }
}

/** The service of the file, where its conditions name no other. */
function ofService(where: FileWhere | undefined, service: string): Matchers {
  const matchers = matchersOf(where ?? {})
  const isNamed = matchers.some(({ attribute }) => attribute === 'service.name')
  return isNamed ? matchers : [{ attribute: 'service.name', operator: '=', value: service }, ...matchers]
}

function matchersOf(where: FileWhere): Matchers {
  return Object.entries(where).map(([attribute, condition]) => {
    if (typeof condition !== 'object') return { attribute, operator: '=', value: String(condition) }
    if ('not' in condition) return { attribute, operator: '!=', value: String(condition.not) }
    if ('regex' in condition) return { attribute, operator: '=~', value: String(condition.regex) }
    return { attribute, operator: '!~', value: String(condition.not_regex) }
  })
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

function exclusionOf(exclusion: FileExclusion): Exclusion {
  const reason = exclusion.reason ?? ''
  if ('days' in exclusion) {
    const days = exclusion.days.map(day => weekdays.indexOf(day))
    return { kind: 'weekly', days, from: minutesOf(exclusion.from), to: minutesOf(exclusion.to), reason }
  }
  return { kind: 'once', start: new Date(exclusion.start), end: new Date(exclusion.end), reason }
}
