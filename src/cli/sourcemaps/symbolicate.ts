// `afn-otel sourcemaps symbolicate [FILE|-]`: stacks as they are in the sources.
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { SourceMaps } from '../../backend/sourcemaps/store'
import { symbolicate as symbolicated } from '../../backend/sourcemaps/symbolicate'
import { plainText } from '../terminal'
import { exceptionsIn } from './exceptions'

/** @returns the exit code */
export async function symbolicate(
  target: string | undefined,
  { folder, buildId }: { readonly folder: string; readonly buildId: string | undefined },
): Promise<number> {
  const maps = new SourceMaps(folder)
  if (maps.ids.length === 0)
    throw new Error(`no source maps in ${folder}: run afn-otel sourcemaps upload DIR, or set --store`)
  if (buildId !== undefined && !maps.has(buildId))
    throw new Error(`no source maps of build ${buildId} in ${folder}; builds: ${someOf(maps.ids)}`)
  const input = await inputOf(target)
  const unmapped = new Set<string>()
  let mapped = 0
  const show = (stack: string, build: string | undefined) =>
    symbolicated(stack, file => {
      const map = maps.mapOf(build, file)
      if (map) mapped++
      else unmapped.add(reasonOf(maps, build, file))
      return map
    })
  const exceptions = exceptionsIn(input)
  const shown = exceptions
    ? exceptions.map(({ head, stack, build }) => `${head}${show(stack, buildId ?? build)}`).join('\n\n')
    : show(input.trimEnd(), buildId)
  console.log(plainText(shown))
  for (const line of unmapped) console.error(plainText(`afn-otel sourcemaps: ${line}`))
  return mapped > 0 ? 0 : 1
}

async function inputOf(target: string | undefined): Promise<string> {
  if (target === undefined || target === '-') return text(process.stdin)
  try {
    return readFileSync(target, 'utf8')
  } catch (error) {
    throw new Error(`${target} can't be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function reasonOf(maps: SourceMaps, build: string | undefined, file: string): string {
  if (build === undefined) return `the build of ${file} is unknown and its name does not identify it; set --build-id`
  return maps.has(build) ? `build ${build} has no source map for ${file}` : `no source maps of build ${build}`
}

const someOf = (ids: readonly string[]) => `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', …' : ''}`
