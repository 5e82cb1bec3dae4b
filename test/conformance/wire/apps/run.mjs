// Makes the calls that CALLS names, one after the other, and writes down what the application got of each.
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { plain } from './plain.mjs'

const { CALLS = '[]', RESULTS } = process.env

/** @param {Record<string, (name: string) => unknown>} calls by their names without what a case says behind a colon */
export async function run(calls) {
  const results = {}
  for (const name of JSON.parse(CALLS)) {
    const call = calls[name.replace(/^.*: /, '')]
    const late = sleep(15_000, undefined, { ref: false }).then(() => Promise.reject(new Error('it did not end')))
    results[name] = await Promise.race([Promise.resolve(name).then(call), late]).then(
      value => ({ value: plain(value) }),
      error => ({ error: plain(error) }),
    )
  }
  writeFileSync(RESULTS, JSON.stringify(results))
}

/** Of a client that keeps a process alive for minutes: ends it as an app that knows of us does. */
export async function exit() {
  if (process.execArgv.includes('@afn/otel')) await (await import('@afn/otel/api')).flush()
  process.exit()
}

export async function all(stream) {
  const events = []
  for await (const event of stream) events.push(event)
  return events
}
