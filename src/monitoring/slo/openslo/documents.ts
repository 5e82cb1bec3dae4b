/** Reads the objects in OpenSLO files: a file contains one object, a list, or several documents of either. */
import { CheckedFile, type Path } from '../../../shared/config/checked-file'
import { documentsIn } from '../../../shared/config/yaml-documents'
import { openSloSchema } from './schema'

export interface Remark {
  readonly file: string
  /** Counts from 1. */
  readonly line: number
  /** Counts from 1. */
  readonly column: number
  /** `refused`: it has no equivalent or is invalid, and was not imported. `changed`: it was imported with a difference. */
  readonly kind: 'refused' | 'changed'
  readonly message: string
}

export interface OpenSloObject {
  readonly kind: string
  readonly name: string
  readonly spec: unknown
  readonly metadata: Metadata
  /** @param path within the object, such as `['spec', 'timeWindow', 0]` */
  remark(kind: Remark['kind'], path: Path, message: string): void
}

export interface Metadata {
  readonly name: string
  readonly displayName?: string
  readonly labels?: Readonly<Record<string, string | readonly string[]>> | null
  readonly annotations?: Readonly<Record<string, string>> | null
}

export interface SourceFile {
  readonly file: string
  readonly text: string
}

/** @returns the objects of valid documents; `remarks` has the errors of others, and grows with `remark()` */
export function openSloObjects(files: readonly SourceFile[]): { objects: OpenSloObject[]; remarks: Remark[] } {
  const remarks: Remark[] = []
  const objects = files.flatMap(({ file, text }) =>
    documentsIn(text).flatMap(document => {
      const checked = new CheckedFile(document, openSloSchema)
      for (const mistake of checked.mistakes) remarks.push({ file, kind: 'refused', ...mistake })
      if (checked.mistakes.length > 0) return []
      const isList = Array.isArray(checked.value)
      const values = (isList ? checked.value : [checked.value]) as Pick<OpenSloObject, 'kind' | 'metadata' | 'spec'>[]
      return values.map(({ kind, metadata, spec }, index): OpenSloObject => {
        const above: Path = isList ? [index] : []
        const remark: OpenSloObject['remark'] = (sort, path, message) =>
          remarks.push({ file, kind: sort, ...checked.placeOf([...above, ...path]), message })
        return { kind, name: metadata.name, metadata, spec, remark }
      })
    }),
  )
  return { objects: withoutDuplicates(objects), remarks }
}

/** The first object of a kind and name counts. */
function withoutDuplicates(objects: readonly OpenSloObject[]): OpenSloObject[] {
  const seen = new Set<string>()
  return objects.filter(({ kind, name, remark }) => {
    const key = `${kind} ${name}`
    if (!seen.has(key)) return seen.add(key)
    remark('refused', ['metadata', 'name'], `${key} stands twice; rename one of them`)
    return false
  })
}
