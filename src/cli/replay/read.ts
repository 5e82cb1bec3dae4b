// Finds and reads recordings: those of a trace, of a file, or of a whole folder.
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { RECORDING_VERSION, type Recording, recordingFile } from '../../app/llm/record/recording'
import { linesOf } from '../../shared/files/lines'

/**
 * @param what a trace id, a file, or a folder
 * @param folder where the recordings of traces are
 * @returns calls in the order in which they began
 * @throws an Error that says what is wrong, all of it, and what to do
 */
export function readRecordings(what: string, folder: string | undefined): Recording[] {
  const problems: string[] = []
  const calls = filesOf(what, folder).flatMap(file => readFile(file, problems))
  if (problems.length > 0) throw new Error(problems.join('\n'))
  if (calls.length === 0) throw new Error(`${what} holds no recorded call; record with: ${remedy}`)
  return calls.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
}

const remedy = 'afn-otel run --record FOLDER -- node app.js'

function filesOf(what: string, folder: string | undefined): string[] {
  if (/^[\da-f]{32}$/i.test(what)) {
    if (!folder) throw new Error(`no folder of recordings: give --from FOLDER, or set AFN_RECORD. To record: ${remedy}`)
    const file = recordingFile(folder, what.toLowerCase())
    if (!existsSync(file))
      throw new Error(
        `trace ${what} was not recorded in ${folder}. Spans hold no bytes of answers; record with: ${remedy}`,
      )
    return [file]
  }
  if (!existsSync(what))
    throw new Error(`"${what}" is neither a trace id of 32 hexadecimal digits nor a file or folder`)
  if (!statSync(what).isDirectory()) return [what]
  return readdirSync(what)
    .filter(name => name.endsWith('.jsonl'))
    .map(name => path.join(what, name))
}

function readFile(file: string, problems: string[]): Recording[] {
  const calls: Recording[] = []
  let number = 0
  for (const { bytes, whole } of linesOf(file)) {
    number++
    if (bytes.length === 0) continue
    const at = `${file}:${number}`
    try {
      const call = JSON.parse(bytes.toString()) as Recording
      if (call.version !== RECORDING_VERSION)
        problems.push(
          `${at}: version ${call.version} of a recording; this command reads ${RECORDING_VERSION}: record again`,
        )
      else if (typeof call.request?.url !== 'string') problems.push(`${at}: a call without request.url; record again`)
      else calls.push(call)
    } catch (error) {
      // the process ended while it wrote its last line
      if (whole) problems.push(`${at}: no JSON (${(error as Error).message}); record again`)
    }
  }
  return calls
}
