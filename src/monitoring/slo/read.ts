/** Reads an SLO file. Reports all mistakes at once with their positions; valid SLOs are read even if others are not. */

import { CheckedFile, type Mistake, type Path } from '../../shared/config/checked-file'
import { documentsIn } from '../../shared/config/yaml-documents'
import type { Severity } from '../../shared/severities'
import { cannotFire } from './alert-texts'
import { problemsOfSli } from './queries'
import {
  type FailuresOfFile,
  type FileAlert,
  type FileExclusion,
  type FileLabels,
  type FileSlo,
  type SloFile,
  schema,
  weekdays,
} from './schema'
import { sliOf } from './sli'
import {
  type AlertExtras,
  type AlertKind,
  defaultFailures,
  defaultSeverities,
  type Exclusion,
  type Slo,
  tierNames,
} from './spec'
import { problemInTemplate } from './templates'
import { canFire, tiersOf } from './windows'

export interface ReadSlos {
  /** Valid SLOs. */
  readonly slos: readonly Slo[]
  /** In the order of their positions. */
  readonly mistakes: readonly Mistake[]
  /** Deviations from what the file might expect, with reasons; not mistakes. */
  readonly notes: readonly string[]
}

/**
 * @param text YAML or JSON; several documents, separated by `---`, are several services, as in Sloth
 * @param taken ids of SLOs from other files; this file's are added
 */
export function readSlos(text: string, taken: Set<string> = new Set()): ReadSlos {
  const documents = documentsIn(text)
  // an empty file has to be reported as such
  const parts = (documents.length > 0 ? documents : [text]).map(part => new FileReader(part, taken))
  return {
    slos: parts.flatMap(part => part.slos),
    mistakes: parts.flatMap(part => part.mistakes),
    notes: parts.flatMap(part => part.notes),
  }
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
    // the fields that all SLOs share must be valid first
    const shared = (['version', 'service', 'compat', 'labels', 'period', 'severities', 'exclude'] as const).every(
      key => whole?.[key] === undefined || isReadable([key]),
    )
    const usable = value !== undefined && shared && typeof value.service === 'string' && value.version !== undefined
    if (usable) this.#checkExclusions(whole.exclude, ['exclude'])
    const read = slos.map((slo, at) => {
      const path = ['slos', at]
      if (isMap(slo)) this.#checkParts(whole, slo, path, taken)
      if (!usable || !isReadable(path)) return undefined
      const one = normalised(whole, slo)
      this.#checkWhole(whole, slo, one, path)
      return isReadable(path) ? one : undefined
    })
    this.slos = usable && this.#exclusionsAreRight() ? read.filter(slo => slo !== undefined) : []
    this.mistakes = this.#file.mistakes
  }

  #exclusionsAreRight(): boolean {
    return !this.#file.isWrong(['exclude'])
  }

  /** Checks each part that matches the schema, whatever the mistakes in others. */
  #checkParts(file: SloFile, slo: FileSlo, path: Path, taken: Set<string>): void {
    const wrong = (below: Path, message: string) => this.#file.wrong([...path, ...below], message)
    const isRight = (key: keyof FileSlo) => slo[key] !== undefined && !this.#file.isWrong([...path, key])
    const service = this.#file.isWrong(['service']) ? undefined : file.service
    if (isRight('name') && service !== undefined) {
      const id = idOf(service, slo)
      if (taken.has(id))
        wrong(
          ['name'],
          `${slo.name}: another SLO has the identifier "${id}", which is service and name; rename one of them`,
        )
      taken.add(id)
    }
    if (isRight('sli'))
      for (const [key, problem] of problemsOfSli(sliOf(slo.sli, service ?? ''))) wrong(['sli', ...key], problem)
    if (isRight('exclude')) this.#checkExclusions(slo.exclude, [...path, 'exclude'])
    if (isRight('alerting')) this.#checkTemplates(slo, wrong)
  }

  #checkTemplates({ name, alerting }: FileSlo, wrong: (below: Path, message: string) => void): void {
    const slo = typeof name === 'string' ? name : 'this SLO'
    for (const kind of ['page_alert', 'ticket_alert', undefined] as const)
      for (const part of ['labels', 'annotations'] as const)
        for (const [key, value] of Object.entries((kind ? alerting?.[kind] : alerting)?.[part] ?? {})) {
          const problem = problemInTemplate(String(value))
          const path = ['alerting', ...(kind ? [kind] : []), part, key]
          if (problem) wrong(path, `${slo}: ${key} is no template of Prometheus: ${problem}`)
        }
  }

  /** Checks that only make sense for an SLO without other mistakes. */
  #checkWhole(file: SloFile, slo: FileSlo, read: Slo, path: Path): void {
    const wrong = (below: Path, message: string) => this.#file.wrong([...path, ...below], message)
    if (read.compat === 'sloth') {
      const key = (['low_traffic', 'exclude', 'expects_data', 'severities'] as const).find(
        key => slo[key] !== undefined,
      )
      if (key) wrong([key], `${slo.name}: "${key}" has no effect where compat is sloth; remove one of them`)
      if (file.exclude) wrong([], `${slo.name}: "exclude" has no effect where compat is sloth; remove one of them`)
    }
    this.#checkTiers(file, slo, read, wrong)
    for (const kind of ['page_alert', 'ticket_alert', undefined] as const) {
      const severity = (kind ? slo.alerting?.[kind] : slo.alerting)?.labels?.severity
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

const idOf = (service: string, { name }: Pick<FileSlo, 'name'>): string => `${service}-${name}`

const isMap = (value: unknown): value is FileSlo => typeof value === 'object' && value !== null && !Array.isArray(value)

function normalised(file: SloFile, slo: FileSlo): Slo {
  const { service } = file
  const isSloth = file.compat === 'sloth'
  const { page_alert, ticket_alert } = slo.alerting ?? {}
  // disabling Sloth's alerts also disables ours
  const unwanted = isSloth
    ? {}
    : {
        ...(page_alert?.disable && { metric_absent: 'off' as const }),
        ...(ticket_alert?.disable && { data_invalid: 'off' as const }),
      }
  const severities = { ...defaultSeverities, ...unwanted, ...file.severities, ...slo.severities }
  return {
    id: idOf(service, slo),
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
      expectsData: slo.expects_data ?? 'always',
    },
    lowTraffic: { failures: failuresOf(slo.low_traffic?.failures), events: slo.low_traffic?.events ?? 0 },
    exclude: [...(file.exclude ?? []), ...(slo.exclude ?? [])].map(exclusionOf),
    compat: file.compat,
  }
}

function failuresOf(failures: FailuresOfFile | undefined): Readonly<Record<Severity, number>> {
  if (typeof failures !== 'number') return { ...defaultFailures, ...failures }
  return { critical: failures, high: failures, medium: failures, low: failures }
}

/** Later labels override earlier ones. */
const texts = (...labels: (FileLabels | undefined)[]): Record<string, string> =>
  Object.fromEntries(labels.flatMap(some => Object.entries(some ?? {})).map(([name, value]) => [name, String(value)]))

/** Converts `checkout-availability` to `CheckoutAvailability`. */
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

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

function exclusionOf(exclusion: FileExclusion): Exclusion {
  const reason = exclusion.reason ?? ''
  if ('days' in exclusion) {
    const days = exclusion.days.map(day => weekdays.indexOf(day))
    return { kind: 'weekly', days, from: minutesOf(exclusion.from), to: minutesOf(exclusion.to), reason }
  }
  return { kind: 'once', start: new Date(exclusion.start), end: new Date(exclusion.end), reason }
}
