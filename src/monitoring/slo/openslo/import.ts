/**
 * Imports OpenSLO v1 objects as SLOs. Whatever has no equivalent is refused or changed, and reported with its position, so nothing is lost
 * silently.
 */
import { stringify } from 'yaml'
import type { Path } from '../../../shared/config/checked-file'
import { labelName } from '../../../shared/otlp/prometheus-names'
import { readSlos } from '../read'
import type { FileSlo } from '../schema'
import { defaultSeverities, periods, type Slo, type SloPeriod, tidy } from '../spec'
import { periodSeconds } from '../windows'
import { type Policy, secondsOf, severitiesFrom } from './alerts'
import { type OwnParts, partsIn } from './annotation'
import { type OpenSloObject, openSloObjects, type Remark, type SourceFile } from './documents'
import { IndicatorImport, type Objective, type Rated } from './indicator'
import { References } from './references'

interface SloSpec extends Rated {
  readonly description?: string
  readonly timeWindow?:
    | readonly { readonly duration: string; readonly isRolling?: boolean; readonly calendar?: object }[]
    | null
  readonly objectives: readonly Objective[]
  readonly alertPolicies?: readonly (Policy | { readonly alertPolicyRef: string })[] | null
}

export interface Imported {
  readonly slos: readonly Slo[]
  /** In the order of their positions. */
  readonly remarks: readonly Remark[]
}

/** References may point to any of the files. */
export function importOpenSlo(files: readonly SourceFile[]): Imported {
  const { objects, remarks } = openSloObjects(files)
  const references = new References(objects)
  const taken = new Set<string>()
  const ofSlos = objects.filter(({ kind }) => kind === 'SLO')
  for (const object of ofSlos) references.follow(object)
  const slos = ofSlos.flatMap(object => new SloImport(object, references).read(taken))
  references.remarkOnRest()
  return { slos, remarks: inPlace(remarks, files) }
}

function inPlace(remarks: readonly Remark[], files: readonly SourceFile[]): Remark[] {
  const order = (one: Remark) => files.findIndex(({ file }) => file === one.file)
  return remarks.toSorted((a, b) => order(a) - order(b) || a.line - b.line || a.column - b.column)
}

class SloImport {
  readonly #object: OpenSloObject
  readonly #spec: SloSpec
  readonly #references: References
  readonly #parts: OwnParts

  constructor(object: OpenSloObject, references: References) {
    this.#object = object
    this.#spec = object.spec as SloSpec
    this.#references = references
    const { parts, others, broken } = partsIn(object.metadata.annotations ?? {})
    this.#parts = parts
    const at: Path = ['metadata', 'annotations']
    if (others.length > 0) object.remark('changed', at, `the annotations ${others.join(', ')} are left out`)
    if (broken) object.remark('changed', at, 'the annotation otel.afn/slo is no JSON; it is left out')
  }

  /** Imports one SLO per objective. */
  read(taken: Set<string>): Slo[] {
    const { objectives } = this.#spec
    const { remark } = this.#object
    const composite = objectives.findIndex(({ indicator, indicatorRef }) => indicator ?? indicatorRef)
    if (composite >= 0) {
      remark(
        'refused',
        ['spec', 'objectives', composite],
        'a composite SLO has no equivalent; write an SLO for each of its indicators',
      )
      return []
    }
    const period = this.#period()
    if (!period) return []
    const indicator = IndicatorImport.of(this.#object, this.#references)
    if (!indicator) return []
    return objectives.flatMap((objective, number) => this.#readOne(indicator, objective, number, period, taken))
  }

  #readOne(
    indicator: IndicatorImport,
    objective: Objective,
    number: number,
    period: SloPeriod,
    taken: Set<string>,
  ): Slo[] {
    const at: Path = ['spec', 'objectives', number]
    const refuse = (message: string) => this.#object.remark('refused', at, message)
    const change = (message: string) => this.#object.remark('changed', at, message)
    const percent = this.#percent(objective)
    if (percent === undefined) {
      refuse('an objective needs either target or targetPercent')
      return []
    }
    const sli = indicator.read(objective, this.#parts.sli, { change, refuse })
    if (!sli) return []
    const several = this.#spec.objectives.length > 1
    if (objective.displayName && !several) change(`displayName "${objective.displayName}" is left out`)
    const parts = this.#parts
    const file: FileSlo = {
      name: (parts.name ?? this.#object.name) + (several ? `-${suffixOf(objective, number)}` : ''),
      objective: percent,
      ...this.#description(),
      ...this.#labels(),
      sli,
      period,
      ...this.#severities({ objective: percent, period }),
      ...(parts.expects_data && { expects_data: parts.expects_data }),
      ...(parts.low_traffic && { low_traffic: parts.low_traffic }),
      ...(parts.exclude && { exclude: parts.exclude }),
      ...(parts.alerting && { alerting: parts.alerting }),
    }
    const service = parts.service ?? this.#spec.service
    const compat = parts.compat && { compat: parts.compat }
    const { slos, mistakes } = readSlos(
      stringify({ version: 'prometheus/v1', service, ...compat, slos: [file] }),
      taken,
    )
    for (const { message } of mistakes) refuse(message)
    return [...slos]
  }

  #percent({ target, targetPercent }: Objective): number | undefined {
    if ((target === undefined) === (targetPercent === undefined)) return undefined
    return targetPercent ?? tidy(target! * 100)
  }

  #period(): SloPeriod | undefined {
    const [window] = this.#spec.timeWindow ?? []
    const at: Path = ['spec', 'timeWindow', 0]
    const { remark } = this.#object
    if (!window) {
      remark('changed', ['spec'], 'there is no timeWindow, so the period is 30d')
      return '30d'
    }
    if (window.calendar || !window.isRolling) {
      remark('refused', at, `a calendar window has no equivalent; write isRolling: true with ${periods.join(', ')}`)
      return undefined
    }
    const seconds = secondsOf(window.duration)
    const period = periods.find(one => periodSeconds[one] === seconds)
    if (!period)
      remark(
        'refused',
        [...at, 'duration'],
        `the period ${window.duration} has no equivalent; write ${periods.join(', ')}`,
      )
    else if (window.duration.endsWith('M'))
      remark('changed', [...at, 'duration'], `${window.duration} became ${period}`)
    return period
  }

  #description(): Pick<FileSlo, 'description'> {
    const { description } = this.#spec
    const { displayName } = this.#object.metadata
    if (displayName && description)
      this.#object.remark('changed', ['metadata', 'displayName'], `displayName "${displayName}" is left out`)
    const { description: whole } = this.#parts
    if (whole !== undefined && description && whole.startsWith(description)) return { description: whole }
    const text = description ?? displayName
    return text ? { description: text } : {}
  }

  #labels(): Pick<FileSlo, 'labels'> {
    if (this.#parts.labels) return { labels: this.#parts.labels }
    const labels = Object.entries(this.#object.metadata.labels ?? {}).map(([key, value]): [string, string] => {
      const name = labelName(key) ?? key
      const text = typeof value === 'string' ? value : value.join(',')
      if (name !== key || text !== value)
        this.#object.remark('changed', ['metadata', 'labels', key], `the label ${key} became ${name}="${text}"`)
      return [name, text]
    })
    return labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}
  }

  #severities(of: Pick<Slo, 'objective' | 'period'>): Pick<FileSlo, 'severities'> {
    const policies = (this.#spec.alertPolicies ?? []).flatMap((policy, number) => {
      const found = this.#references.policy(policy, this.#object, ['spec', 'alertPolicies', number])
      return found ? [{ policy: found, number }] : []
    })
    const found = severitiesFrom(
      policies.map(({ policy }) => policy),
      of,
      (number, message) => this.#object.remark('changed', ['spec', 'alertPolicies', policies[number]!.number], message),
    )
    const changed = Object.entries({ ...found, ...this.#parts.severities }).filter(
      ([kind, severity]) => severity !== defaultSeverities[kind as keyof typeof defaultSeverities],
    )
    return changed.length > 0 ? { severities: Object.fromEntries(changed) } : {}
  }
}

/** Distinguishes the objectives of an SLO. */
const suffixOf = ({ displayName }: Objective, number: number): string =>
  displayName
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || String(number + 1)
