/** Refuses parts that are right by themselves and contradict another part, and names channels that nothing uses. */

import { mapOf, type Path } from '../../shared/config/checked-file'
import { severities } from '../../shared/severities'
import type { AlertsConfig } from './config'
import type { RawFile } from './raw'
import { durationOf } from './times'

/** How long Alertmanager remembers what it sent, unless `--data.retention` says otherwise: seconds. */
const REMEMBERED = 120 * 3_600

export function compare(file: RawFile, config: AlertsConfig): void {
  compareTimes(file, config)
  compareBusinessHours(file, config)
  noteUnusedChannels(file, config)
}

function compareTimes(file: RawFile, config: AlertsConfig): void {
  const inFile = mapOf(file.value.severities)
  for (const [index, severity] of severities.entries()) {
    const { respondWithin, delay, groupInterval, repeat, escalation } = config.severities[severity]
    const raw = mapOf(inFile[severity])
    // what stands in the file is at fault before what is a default
    const at = (...keys: string[]): Path => ['severities', severity, keys.find(key => raw[key] !== undefined) ?? '']
    if (repeat < groupInterval)
      file.wrong(
        at('repeat', 'group_interval'),
        `repeat (${durationOf(repeat)}) is shorter than group_interval (${durationOf(groupInterval)}), which is how often Alertmanager checks; write ${durationOf(groupInterval)} or a multiple of it`,
      )
    else if (repeat % groupInterval !== 0) {
      const least = Math.floor(repeat / groupInterval) * groupInterval
      file.wrong(
        at('repeat', 'group_interval'),
        `repeat (${durationOf(repeat)}) is not a multiple of group_interval (${durationOf(groupInterval)}): Alertmanager would repeat after ${durationOf(least + groupInterval)}; write ${durationOf(least)} or ${durationOf(least + groupInterval)}`,
      )
    }
    if (repeat > REMEMBERED)
      file.wrong(
        at('repeat'),
        `Alertmanager remembers sent notifications for ${durationOf(REMEMBERED)} only, so repeat can't be ${durationOf(repeat)}`,
      )
    if (delay >= respondWithin)
      file.wrong(
        at('delay', 'respond_within'),
        `the first notification comes after ${durationOf(delay)}, and the response is due within ${durationOf(respondWithin)}; write a shorter delay`,
      )
    const early = escalation.findIndex(({ after }) => after > 0 && after <= delay)
    if (early >= 0 && raw.escalation !== undefined)
      file.wrong(
        ['severities', severity, 'escalation', early, 'after'],
        `this step comes ${durationOf(escalation[early]!.after)} after an alert begins, before anybody was notified: delay is ${durationOf(delay)}`,
      )
    const above = severities[index - 1]
    if (above !== undefined && respondWithin < config.severities[above].respondWithin)
      file.wrong(
        raw.respond_within === undefined ? ['severities', above, 'respond_within'] : at('respond_within'),
        `${severity} requires a faster response (${durationOf(respondWithin)}) than ${above} (${durationOf(config.severities[above].respondWithin)}), which is more urgent`,
      )
  }
}

/** An alert that waits for the morning mutes others all the same: then nobody is notified of either. */
function compareBusinessHours(file: RawFile, { severities: all, inhibition }: AlertsConfig): void {
  if (!inhibition) return
  const waiting = severities.find(severity => all[severity].businessHours)
  const after = waiting && severities.slice(severities.indexOf(waiting)).find(severity => !all[severity].businessHours)
  if (waiting && after)
    file.wrong(
      [
        'severities',
        mapOf(mapOf(file.value.severities)[waiting]).business_hours === undefined ? after : waiting,
        'business_hours',
      ],
      `at night, an alert of ${waiting} would wait but still mute the ${after} alert with the same cause; set business_hours for ${after} too, or inhibition: false`,
    )
}

function noteUnusedChannels(file: RawFile, config: AlertsConfig): void {
  const used = new Set([
    ...severities.flatMap(severity => [
      ...config.severities[severity].channels,
      ...config.severities[severity].escalation.flatMap(({ channels }) => channels),
    ]),
    ...Object.values(config.environments).flat(),
    ...config.routes.flatMap(({ channels, escalation }) => [channels, ...escalation.map(step => step.channels)].flat()),
  ])
  for (const name of file.channelNames)
    if (!used.has(name))
      file.note(['channels', name], `the channel ${name} is not used by any severity, escalation, environment or route`)
}
