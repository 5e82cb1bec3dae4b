// `afn-otel sourcemaps`: which of its commands is meant, and with what.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isBuildId, sourceMapFolder } from '../backend/sourcemaps/store'
import { helpOption, print } from './help'
import { dataFolder } from './local/data-folder'
import { type Options, optionLines } from './options'

export const options = {
  'build-id': {
    type: 'string',
    argument: 'ID',
    help: 'app.build_id of the app: option buildId in a browser, OTEL_RESOURCE_ATTRIBUTES=app.build_id=ID in Node.js',
    otherwise: 'upload: a hash of the maps; symbolicate: the id in the records, else hashed file names',
  },
  store: {
    type: 'string',
    argument: 'DIR',
    help: 'data folder of afn-otel up',
    otherwise: 'AFN_DATA_DIR, else ~/.local/share/afn-otel',
  },
} as const satisfies Options

const help = `Usage: afn-otel sourcemaps upload DIR [--build-id ID] [--store DIR]
       afn-otel sourcemaps symbolicate [FILE|-] [--build-id ID] [--store DIR]

upload       stores the source maps of a build: for each .js, .mjs and .cjs file in DIR, the map that it references or
             embeds, or the file next to it (app.js.map). Changes nothing in DIR, sends nothing off this machine. Prints
             the build id.
symbolicate  reads a stack trace, or OTLP JSON of logs or spans (one request, or one per line), and prints the stack
             traces with source positions: from Chrome, Node.js, Firefox and Safari.

${optionLines(options)}

Exit codes: 0 done; 1 found nothing to store or to symbolicate; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function sourcemaps(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const [name, target, more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; sourcemaps ${name} takes one folder or file`)
  const buildId = values['build-id']
  if (buildId !== undefined && !isBuildId(buildId))
    throw new Error(`invalid --build-id "${buildId}": use at most 128 letters, digits, "_", "-", ".", "+" and "@"`)
  const folder = sourceMapFolder(path.resolve(values.store ?? dataFolder()))
  if (name === 'upload') return (await import('./sourcemaps/upload')).upload(target, { folder, buildId })
  if (name === 'symbolicate') return (await import('./sourcemaps/symbolicate')).symbolicate(target, { folder, buildId })
  throw new Error(`sourcemaps: ${name ? `there is no "${name}"; ` : ''}use "upload DIR" or "symbolicate [FILE]"`)
}
