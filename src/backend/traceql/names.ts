/** The names in TraceQL: intrinsics, and the values of status and kind. */
import { spanKinds, statusCodes } from '../../shared/otlp/trace'
import type { IntrinsicName, Value } from './ast'

/** Current names, and their shorter synonyms. */
const shorter: Partial<Record<IntrinsicName, string>> = {
  'span:duration': 'duration',
  'span:name': 'name',
  'span:status': 'status',
  'span:statusMessage': 'statusMessage',
  'span:kind': 'kind',
  'trace:duration': 'traceDuration',
  'trace:rootName': 'rootName',
  'trace:rootService': 'rootServiceName',
}

const names: readonly IntrinsicName[] = [
  ...(Object.keys(shorter) as IntrinsicName[]),
  'span:id',
  'span:parentID',
  'span:childCount',
  'trace:id',
  'event:name',
  'event:timeSinceStart',
  'link:traceID',
  'link:spanID',
  'instrumentation:name',
  'instrumentation:version',
  'nestedSetLeft',
  'nestedSetRight',
  'nestedSetParent',
]

/** Intrinsics by name, including the shorter ones. */
export const intrinsics: ReadonlyMap<string, IntrinsicName> = new Map([
  ...names.map((name): [string, IntrinsicName] => [name, name]),
  ...names.flatMap((name): [string, IntrinsicName][] => (shorter[name] ? [[shorter[name], name]] : [])),
])

export const shortName = (name: IntrinsicName): string => shorter[name] ?? name

const max = 2n ** 63n - 1n

/** Literals that are written as words. */
export const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', { kind: 'bool', value: true }],
  ['false', { kind: 'bool', value: false }],
  ['minInt', { kind: 'int', value: -max - 1n }],
  ['maxInt', { kind: 'int', value: max }],
  ...statusCodes.map((value): [string, Value] => [value, { kind: 'status', value }]),
  ...spanKinds.map((value): [string, Value] => [value, { kind: 'kind', value }]),
])
