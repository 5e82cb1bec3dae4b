/** Stores in an annotation of the SLO what OpenSLO cannot express, so that an export can be imported without loss. */
import type { FileSlo } from '../schema'

const KEY = 'otel.afn/slo'

/** Parts in our file format; excludes what OpenSLO itself can express. */
export interface OwnParts
  extends Partial<Pick<FileSlo, 'description' | 'labels' | 'severities' | 'expects_data' | 'low_traffic'>> {
  readonly name?: string
  readonly service?: string
  readonly compat?: 'sloth'
  readonly sli?: FileSlo['sli']
  readonly exclude?: FileSlo['exclude']
  readonly alerting?: FileSlo['alerting']
}

export const annotationOf = (parts: OwnParts): Record<string, string> => ({ [KEY]: JSON.stringify(parts) })

/** @returns the annotation's parts, and the keys of other annotations; `broken` if ours is not JSON */
export function partsIn(annotations: Readonly<Record<string, string>>): {
  parts: OwnParts
  others: string[]
  broken: boolean
} {
  const others = Object.keys(annotations).filter(key => key !== KEY)
  const text = annotations[KEY]
  if (text === undefined) return { parts: {}, others, broken: false }
  try {
    const parts: unknown = JSON.parse(text)
    if (typeof parts === 'object' && parts !== null) return { parts: parts as OwnParts, others, broken: false }
  } catch {
    // reported by the caller, who knows the position
  }
  return { parts: {}, others, broken: true }
}
