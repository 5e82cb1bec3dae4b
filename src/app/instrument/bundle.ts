// Chunk `bundle`: what can be known of an app that was bundled into one file, where libraries are never required.
import { readFile } from 'node:fs/promises'
import { catalogue } from './catalogue'

export interface Bundle {
  /** Packages in it that hand themselves over, by a plugin of `src/app/bundler`: their instrumentations work. */
  readonly seen: readonly string[]
  /** Packages in it that don't, so that no instrumentation sees them. `undefined` where nothing says what is in it. */
  readonly unseen: readonly string[] | undefined
}

/** What esbuild, webpack and Rollup make of each CommonJS module, minified or not. */
const wrapper = /\bexports:\s*\{\s*\}|__webpack_require__|__commonJS\(/
const packageOf = /(?:^|[\\/])node_modules[\\/]((?:@[\w.-]+[\\/])?[\w.-]+)[\\/]/
/** What bundlers write before each module, where they don't minify. */
const comments = /^[ \t]*(?:\/\/|\/\*\*\*\/|!\*\*\*\*) ?"?\S*node_modules[\\/]\S+/gm
const markers = /\bafn-otel:((?:@[\w.-]+\/)?[\w.-]+)[\w./-]*@\d/g

const patched = new Set(catalogue.flatMap(({ targets, off }) => (off ? [] : targets)))

/** @returns `undefined` for a file that is no bundle, or can't be read */
export async function inspectBundle(file: string): Promise<Bundle | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const seen = new Set([...text.matchAll(markers)].map(([, name]) => name as string))
  const mapped = await sourcesOfMap(file, text)
  const sources = mapped ?? text.match(comments) ?? []
  const contained = new Set(sources.flatMap(source => packageOf.exec(source)?.[1]?.replace('\\', '/') ?? []))
  if (seen.size === 0 && !(mapped && contained.size > 0) && !wrapper.test(text)) return undefined
  const unseen = [...contained].filter(name => patched.has(name) && !seen.has(name))
  return { seen: [...seen].sort(), unseen: sources.length > 0 || seen.size > 0 ? unseen.sort() : undefined }
}

/** The files that went into a bundle, by the source map in it or next to it. */
async function sourcesOfMap(file: string, text: string): Promise<readonly string[] | undefined> {
  const [, reference] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text) ?? []
  const inline = /^data:application\/json[^,]*;base64,(.+)$/.exec(reference ?? '')?.[1]
  try {
    const map = inline ? Buffer.from(inline, 'base64').toString() : await readFile(`${file}.map`, 'utf8')
    const { sources } = JSON.parse(map) as { sources?: unknown }
    if (Array.isArray(sources)) return sources.map(String)
  } catch {
    // none next to it, or one that is broken
  }
  return undefined
}

/** What becomes of libraries that no instrumentation sees, and the remedy. */
export function unseenIn(packages: readonly string[]): string {
  return `${packages.join(', ')} ${packages.length === 1 ? 'is' : 'are'} bundled into the app, where no instrumentation sees them: they have no spans; build with openTelemetryPlugin() of @afn/otel/esbuild, /webpack or /rollup, or leave them out of the bundle`
}
