/** What is wrong with the files that hold the secrets, where they can be read from here. No sentence shows what stands in one. */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { listOf, mapOf, type Path } from '../../shared/config/checked-file'
import type { RawFile } from './raw'

/** Said of a file into which nobody has written the secret yet. */
export const STILL_PLACEHOLDER = 'still contains the placeholder that afn-otel generate wrote'

/** @param folder that of alerts-config.yaml */
export function checkSecretFiles(file: RawFile, folder: string): void {
  for (const { place, name } of secretFilesIn(file.value, [])) {
    const found = contentOf(path.resolve(folder, name))
    if ('code' in found) {
      const why = found.code === 'ENOENT' ? 'does not exist here' : `can't be read here (${found.code})`
      file.note(place, `${name} ${why}; where Alertmanager runs, it must contain the secret and nothing else`)
    } else if (found.content === undefined)
      file.wrong(place, `${name} is a folder; name the file that contains the secret`)
    else if (found.content === '') file.wrong(place, `${name} is empty; write the secret into it`)
    else if (/put-the-(?:url|secret)-here/.test(found.content))
      file.note(place, `${name} ${STILL_PLACEHOLDER}; write the secret into it`)
    else if (/\s/.test(found.content))
      file.wrong(place, `${name} contains more than one word; it must contain only the secret`)
    else if (isUrlFile(place) && !/^https?:\/\//.test(found.content))
      file.wrong(place, `${name} does not contain a URL; write the full webhook URL into it, including https://`)
  }
}

/** Undefined of a folder. */
function contentOf(file: string): { content: string | undefined } | { code: string | undefined } {
  try {
    return { content: statSync(file).isFile() ? readFileSync(file, 'utf8').trim() : undefined }
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code }
  }
}

const isUrlFile = (place: Path): boolean => String(place.at(-1)).endsWith('url_file')

function secretFilesIn(value: unknown, place: Path): { place: Path; name: string }[] {
  if (Array.isArray(value)) return listOf(value).flatMap((item, index) => secretFilesIn(item, [...place, index]))
  return Object.entries(mapOf(value)).flatMap(([key, item]) =>
    key.endsWith('_file') && typeof item === 'string'
      ? [{ place: [...place, key], name: item }]
      : secretFilesIn(item, [...place, key]),
  )
}
