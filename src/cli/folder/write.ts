// Writes the files of a folder in place, so that what containers have mounted follows, and puts back what was there before.
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { secretFilesOf } from '../../pipeline/deployment/alert-files'
import type { Alerting } from '../../pipeline/deployment/alerting'
import { contentOf, leftoversIn, strangersIn } from '../../pipeline/deployment/drift'
import type { Prepared } from './prepare'

export interface WrittenFolder {
  /** Paths below the folder of files that were written anew or are gone. */
  readonly changed: readonly string[]
  /** A line for each. */
  readonly lines: readonly string[]
  undo(): void
}

/** Somebody else's files, where they are in the way; then nothing may be written. */
export const inTheWay = ({ files, edited, secrets }: Prepared, target: string): string[] =>
  strangersIn([...files, ...edited, ...secrets], target)

export function writeFolder({ alerting, files, edited, secrets }: Prepared, target: string): WrittenFolder {
  // Secrets are for their owner alone from the first byte on. The rest is read by the users of the containers, whatever the umask
  // says here.
  const parts = [
    ...secrets.map(file => [file, 0o600] as const),
    ...[...files, ...edited].map(file => [file, 0o644] as const),
  ]
  const before = new Map<string, string | undefined>()
  const changed: string[] = []
  const lines: string[] = []
  mkdirSync(target, { recursive: true })
  for (const [file, mode] of parts) {
    const present = contentOf(file, target)
    if (present === file.content) continue
    const at = path.join(target, file.path)
    before.set(at, present)
    changed.push(file.path)
    makeFolders(path.dirname(at))
    writeFileSync(at, file.content, { mode })
    chmodSync(at, mode)
    lines.push(`wrote ${at}`)
  }
  for (const at of leftoversIn(files, target)) {
    before.set(at, contentOf({ path: path.relative(target, at), content: '' }, target))
    changed.push(path.relative(target, at))
    rmSync(at)
    lines.push(`removed ${at}`)
  }
  lines.push(...makeSecrets(alerting, target))
  return { changed, lines, undo: () => putBack(before) }
}

function putBack(before: ReadonlyMap<string, string | undefined>): void {
  for (const [at, content] of before)
    if (content === undefined) rmSync(at, { force: true })
    else writeFileSync(at, content)
}

/** Folders are mounted whole into containers, whose users have to get in. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  makeFolders(path.dirname(folder))
  mkdirSync(folder)
  chmodSync(folder, 0o755)
}

/**
 * The files that containers mount have to be there. Nobody else on this host gets into their folder; in it the users of the
 * containers may read.
 * @returns what was made, and what people have to fill
 */
function makeSecrets(alerting: Alerting, target: string): string[] {
  return secretFilesOf(alerting).flatMap(({ file, make, isPlaceholder }) => {
    const at = path.resolve(target, file)
    if (existsSync(at)) return []
    mkdirSync(path.dirname(at), { recursive: true, mode: 0o700 })
    writeFileSync(at, make())
    chmodSync(at, 0o644)
    return [`wrote ${path.join(target, file)}${isPlaceholder ? ': put the secret for alerts-config.yaml into it' : ''}`]
  })
}
