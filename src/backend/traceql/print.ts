/** Prints parts of a query as Tempo does; answers name columns by them. */
import type { Aggregate, Attribute, Field, Intrinsic, Value } from './ast'
import { shortName } from './names'

export function printAggregate({ op, of }: Aggregate): string {
  return `${op}(${of ? printField(of) : ''})`
}

export function printField(field: Field): string {
  if (field.type === 'literal')
    return field.value.kind === 'string' ? `\`${field.value.value}\`` : printValue(field.value)
  if (field.type === 'attribute' || field.type === 'intrinsic') return printName(field)
  if (field.type === 'exists') return `${wrapped(field.operand)} ${field.negated ? '=' : '!='} nil`
  if (field.type === 'unary') return field.op + wrapped(field.operand)
  return `${wrapped(field.left)} ${field.op} ${wrapped(field.right)}`
}

function wrapped(field: Field): string {
  const text = printField(field)
  return field.type === 'literal' || field.type === 'attribute' || field.type === 'intrinsic' ? text : `(${text})`
}

/** Uses the shorter names of intrinsics. */
export function printName(named: Attribute | Intrinsic): string {
  if (named.type === 'intrinsic') return shortName(named.name)
  const plain = /^[^\p{White_Space}{}()=~!<>&|^,"]*$/u.test(named.name)
  const name = plain ? named.name : `"${named.name.replace(/[\\"]/g, '\\$&')}"`
  return `${named.scope === 'any' ? '' : named.scope}.${name}`
}

export function printValue(value: Value): string {
  if (value.kind === 'duration') return printDuration(value.value)
  if (value.kind === 'float') return printFloat(value.value)
  return String(value.value)
}

/** Follows Go, but never looks like an int: `42.0`, `0.25`, `1e+15`, `1e-12`. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  if (Number(exponent) < -4 || Number(exponent) >= 6) {
    const size = exponent.slice(1).padStart(2, '0')
    return `${digits}e${exponent[0]}${size}`
  }
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** Follows Go: `2m9.46s`, `1h0m0s`, `1.5ms`, `0s`. @param nanos nanoseconds */
export function printDuration(nanos: bigint): string {
  if (nanos < 0n) return `-${printDuration(-nanos)}`
  if (nanos < 1_000n) return nanos === 0n ? '0s' : `${nanos}ns`
  if (nanos < 1_000_000n) return `${decimal(nanos, 1_000n)}µs`
  if (nanos < 1_000_000_000n) return `${decimal(nanos, 1_000_000n)}ms`
  const minutes = nanos / 60_000_000_000n
  const seconds = `${decimal(nanos % 60_000_000_000n, 1_000_000_000n)}s`
  if (minutes === 0n) return seconds
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '')
  return fraction ? `${value / unit}.${fraction}` : `${value / unit}`
}
