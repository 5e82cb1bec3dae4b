/** Labels of the series that Prometheus derives from OTLP, with the configuration of this project. */
import { promoted } from '../../../shared/config/promoted-attributes'
import { type AnyValue, type KeyValue, type TypedValue, typedValue } from '../../../shared/otlp/any-value'
import { labelName } from '../../../shared/otlp/prometheus-names'
import { attributesOf } from '../../api/tempo/document'
import type { Row, Store } from '../../store/store'
import type { Label } from '../labels'

export interface Resource {
  /** `job` and `instance`; they override labels of the point. */
  readonly target: readonly Label[]
  /** Attributes that become labels of every series, unless the point has the same label. */
  readonly promoted: readonly Label[]
  /** All attributes, as labels of `target_info`; empty if there is no such series, because only the target is known. */
  readonly info: readonly Label[]
}

const identifying: ReadonlySet<string> = new Set(['service.namespace', 'service.name', 'service.instance.id'])

/** @param row of `resources` */
function resourceOf(row: Row): Resource {
  const attributes = attributesOf(row).filter(({ key }) => key !== 'service.name')
  if (row.service_name !== null && row.service_name !== undefined)
    attributes.push({ key: 'service.name', value: { stringValue: row.service_name as string } })
  const known = new Map(attributes.map(({ key, value }) => [key, textOf(value)]))
  const [name, namespace, instance] = ['service.name', 'service.namespace', 'service.instance.id'].map(key =>
    known.get(key),
  )
  const target: Label[] = []
  if (name !== undefined) target.push(['job', namespace === undefined ? name : `${namespace}/${name}`])
  if (instance !== undefined) target.push(['instance', instance])
  const isDescribed = attributes.some(({ key }) => !identifying.has(key))
  return {
    target,
    promoted: labelsOf(attributes.filter(({ key }) => promoted.includes(key))),
    info: isDescribed && target.some(([, value]) => value !== '') ? labelsOf(attributes) : [],
  }
}

const nobody: Resource = { target: [], promoted: [], info: [] }

/** @returns the resources of the rows by their id, which is in the rows' column `resource` */
export async function resourcesOf(
  store: Pick<Store, 'query'>,
  rows: readonly Row[],
): Promise<ReadonlyMap<number, Resource>> {
  const ids = [...new Set(rows.map(({ resource }) => resource as number))]
  if (ids.length === 0) return new Map()
  const found = await store.query(`SELECT * FROM resources WHERE id IN (${ids.join(', ')})`)
  const known = new Map(found.map(row => [row.id as number, resourceOf(row)]))
  // the sweep may have deleted a resource in the meantime
  return new Map(ids.map(id => [id, known.get(id) ?? nobody]))
}

/** If two attributes map to the same label, it gets both values. */
export function labelsOf(attributes: readonly KeyValue[]): Label[] {
  const labels = new Map<string, string>()
  const sorted = [...attributes].sort((a, b) => (a.key < b.key ? -1 : 1))
  for (const { key, value } of sorted) {
    const label = labelName(key)
    if (label === undefined) continue
    const before = labels.get(label)
    labels.set(label, before ? `${before};${textOf(value)}` : textOf(value))
  }
  return [...labels]
}

/** Does not include the metric name. */
export function pointLabels(row: Row, { promoted, target }: Resource): Label[] {
  const own = labelsOf(attributesOf(row))
  const taken = new Set(own.filter(([, value]) => value !== '').map(([name]) => name))
  return [...own, ...promoted.filter(([name]) => !taken.has(name)), ...target]
}

/** Converts a value to text as OpenTelemetry's Go SDK does. */
function textOf(value: AnyValue | undefined): string {
  const typed = typedValue(value)
  if (typed.type === 'empty') return ''
  return typed.type === 'array' || typed.type === 'map' ? jsonOf(typed) : String(typed.value)
}

/** Writes JSON as Go does: sorted keys, and escaped HTML characters. */
function jsonOf(typed: TypedValue): string {
  if (typed.type === 'int') return String(typed.value)
  if (typed.type === 'array') return `[${typed.value.map(jsonOf).join(',')}]`
  if (typed.type === 'map') {
    const sorted = [...typed.value].sort((a, b) => (a.key < b.key ? -1 : 1))
    return `{${sorted.map(({ key, value }) => `${jsonText(key)}:${jsonOf(value)}`).join(',')}}`
  }
  return jsonText(typed.value)
}

const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
