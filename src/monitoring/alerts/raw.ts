/**
 * The parts of `alerts-config.yaml` as they stand there, and where a mistake in one of them is written down. A part may not fit the
 * schema, which has said so already: then it holds nothing of what is looked for.
 */

import { timeZoneNamed } from '../../shared/calendar/time-zone-names'
import { CheckedFile, listOf, mapOf, type Path, type Raw } from '../../shared/config/checked-file'
import { nearest } from '../../shared/config/nearest'
import schema from './alerts-config.schema.json'

/** Of the notes: a schema is compiled once for each object that it is. */
const anything = {}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
export const namesIn = (value: unknown): string[] =>
  listOf(value).filter((item): item is string => typeof item === 'string')

export class RawFile {
  readonly checked: CheckedFile
  readonly notes: CheckedFile
  readonly value: Raw
  readonly channelNames: readonly string[]
  readonly version: string
  readonly hasReceiver: boolean

  constructor(text: string) {
    this.checked = new CheckedFile(text, schema)
    this.notes = new CheckedFile(text, anything)
    this.value = mapOf(this.checked.value)
    this.channelNames = Object.keys(mapOf(this.value.channels))
    this.version = textOf(this.value.alertmanager) ?? '0.35'
    this.hasReceiver = this.value.receiver !== false
  }

  wrong(path: Path, message: string): void {
    this.checked.wrong(path, message)
  }

  /** What is allowed, and seldom meant. */
  note(path: Path, message: string): void {
    this.notes.wrong(path, message)
  }

  /** Each of the names has to be that of a channel. */
  expectChannels(names: unknown, path: Path): void {
    if (this.channelNames.length === 0) return
    listOf(names).forEach((name, index) => {
      if (typeof name !== 'string' || this.channelNames.includes(name)) return
      this.wrong(
        [...path, index],
        `unknown channel "${name}"; did you mean "${nearest(name, this.channelNames)}"? Known channels: ${this.channelNames.join(', ')}`,
      )
    })
  }

  /** Of a name that stands twice the second is the mistake. */
  expectOnce(name: unknown, names: Set<string>, path: Path): void {
    if (typeof name !== 'string') return
    if (names.has(name)) this.wrong(path, `"${name}" appears twice; names must be unique`)
    names.add(name)
  }

  /** `time_zone` of a part; undefined where it names none, or a wrong one. */
  timeZone(raw: Raw, path: Path): string | undefined {
    const name = textOf(raw.time_zone)
    if (name === undefined || name === '') return undefined
    const zone = timeZoneNamed(name)
    if (zone === undefined)
      this.wrong(
        [...path, 'time_zone'],
        `"${name}" is no name of the IANA time zone database; ${
          name.includes('/')
            ? `did you mean "${nearest(name, Intl.supportedValuesOf('timeZone'))}"?`
            : 'write one such as Asia/Tokyo, not an abbreviation or an offset'
        }`,
      )
    else if (zone !== name) this.wrong([...path, 'time_zone'], `write the time zone as "${zone}", not "${name}"`)
    return zone
  }
}
