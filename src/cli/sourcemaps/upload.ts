// `afn-otel sourcemaps upload DIR`: the maps of a build into the local store.
import { findMaps } from '../../backend/sourcemaps/find'
import { buildIdOf, putBuild } from '../../backend/sourcemaps/store'

/** @returns the exit code */
export function upload(
  target: string | undefined,
  { folder, buildId }: { readonly folder: string; readonly buildId: string | undefined },
): number {
  if (target === undefined)
    throw new Error('sourcemaps upload needs the folder of the build: afn-otel sourcemaps upload dist')
  const { maps, files, missing } = findMaps(target)
  for (const line of missing) console.error(`afn-otel sourcemaps: ${line}`)
  if (maps.length === 0) {
    const what = files === 0 ? 'no .js, .mjs or .cjs' : `${files} code files without source maps`
    console.error(`afn-otel sourcemaps: found ${what} in ${target}; build with source maps, or choose another folder`)
    return 1
  }
  const id = buildId ?? buildIdOf(maps)
  const { added, replaced } = putBuild(folder, id, maps)
  const same = maps.length - added - replaced
  console.log(`build id  ${id}`)
  console.log(`maps      ${maps.length} of ${files} files: ${added} new, ${replaced} replaced, ${same} unchanged`)
  console.log(`store     ${folder}`)
  return 0
}
