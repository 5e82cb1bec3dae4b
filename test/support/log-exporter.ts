// What the Collector writes into its log files, and what is left in them.
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { collectorFilesIn } from '../../src/app/logs/collector-files'
import type { LogClass } from '../../src/shared/tiers'

export const nano = (ms: number) => `${Math.round(ms)}000000`

/**
 * As its exporter writes (timberjack 1.4.7): one handle, which is opened to append where the file was there and without that where it is new,
 * and a new file by size alone; the test of the real one is test/collector.
 */
export class Exporter {
  #handle: number | undefined
  #size = 0
  readonly #file: string
  readonly #most: number
  /** @param most bytes of a file */
  constructor(folder: string, logClass: LogClass, most: number) {
    this.#file = path.join(folder, `${logClass}.json`)
    this.#most = most
    if (!existsSync(this.#file)) return
    this.#handle = openSync(this.#file, 'a')
    this.#size = statSync(this.#file).size
  }
  write(text: string, now: number): void {
    // the line and its break are two writes, and a new file may begin between them
    for (const part of [text, '\n']) {
      if (this.#handle === undefined || this.#size + part.length > this.#most) this.#turn(now)
      writeSync(this.#handle!, part)
      this.#size += Buffer.byteLength(part)
    }
  }
  #turn(now: number): void {
    if (this.#handle !== undefined) {
      this.close()
      const name = new Date(now).toISOString().slice(0, -1).replaceAll(':', '-')
      renameSync(this.#file, this.#file.replace('.json', `-${name}-size.json`))
    }
    this.#handle = openSync(this.#file, 'w')
    this.#size = 0
  }
  close(): void {
    closeSync(this.#handle!)
  }
}

export const record = (ms: number, text: string, more = {}) => ({
  timeUnixNano: nano(ms),
  body: { stringValue: text },
  ...more,
})
export const request = (...logRecords: object[]) =>
  JSON.stringify({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }] })

/** Every record that is in the folder, whatever file it is in. */
export const recordsIn = (folder: string, logClass: LogClass) =>
  collectorFilesIn(folder)
    .filter(file => file.logClass === logClass)
    .flatMap(file => readFileSync(file.path, 'utf8').split('\n').filter(Boolean))
    .flatMap(line => (JSON.parse(line).resourceLogs ?? []) as { scopeLogs: { logRecords: { timeUnixNano: string; body: { stringValue: string } }[] }[] }[]) // biome-ignore format: one line
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
