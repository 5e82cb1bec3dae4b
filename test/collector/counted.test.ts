// What the Collector has answered with 200 is delivered and counted, once; what it refuses is neither, however often it is sent again.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { Random } from '../support/random'
import { type FakeTempo, startFakeTempo } from './fake-tempo'
import { alsoToFile, sumOf } from './sums'
import { type Running, scratchFolder, startCollector, until } from './support'

// A small disk needs a namespace of Linux.
const ownDisk = ['--user', '--map-root-user', '--mount', 'sh', '-c']
const hasDisk = spawnSync('unshare', [...ownDisk, 'mount -t tmpfs none /mnt']).status === 0
if (!hasDisk) writeSync(1, 'skipped: a full disk: unshare can give a process no disk of its own\n')

const perRequest = 50

describe.skipIf(inject('collectorBinary') === undefined)('what is answered is counted once', () => {
  const random = new Random(98)
  let folder: string
  let tempo: FakeTempo
  let collector: Running
  const start = async (settings: Record<string, string> = {}) => {
    collector = await startCollector(folder, ['--overlay', alsoToFile(folder)], {
      AFN_TEMPO: tempo.address,
      AFN_SPANMETRICS_FLUSH: '1s',
      AFN_DECISION_WAIT: '2s',
      AFN_AFTER_ROOT: '1s',
      ...settings,
    })
  }
  beforeEach(async () => {
    folder = scratchFolder()
    tempo = await startFakeTempo()
  })
  afterEach(async () => {
    await collector.stop('SIGKILL')
    await tempo.away()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Spans of LLM calls of 0.01 each, one a trace. */
  function request(bytes = 0) {
    const time = String(BigInt(Date.now()) * 1_000_000n)
    const spans = Array.from({ length: perRequest }, () => ({
      traceId: random.hex(32),
      spanId: random.hex(16),
      name: 'chat',
      kind: 3,
      startTimeUnixNano: time,
      endTimeUnixNano: time,
      attributes: [
        { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
        { key: 'afn.llm.cost.total', value: { doubleValue: 0.01 } },
        { key: 'gen_ai.input.messages', value: { stringValue: random.hex(bytes) } },
      ],
    }))
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
    return { ids: spans.map(({ spanId }) => spanId), body: { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] } }
  }
  /** Ids; one whose answer from Tempo was lost is there twice, and Tempo keeps it once. */
  const delivered = () => [...tempo.spans('afn-detailed').values()].flat()
  const calls = () => sumOf('afn.span.calls', [folder])
  const cost = () => sumOf('afn.llm.feature.cost', [folder])
  async function allIsCounted(spans: number): Promise<void> {
    await until('the last spans', () => new Set(delivered()).size >= spans).catch(() => {})
    await until('the last cost', () => cost() > spans / 100 - 1e-6).catch(() => {})
    // one more time that all counts are told
    await sleep(2_000)
    expect(calls()).toBe(spans)
    expect(cost()).toBeCloseTo(spans / 100, 6)
  }

  it('when the Collector is killed right behind its last answer, three times', async () => {
    await start()
    let taken = 0
    for (let life = 0; life < 3; life++) {
      for (let n = 0; n < 20; n++) {
        expect(await collector.send('traces', request().body)).toBe(200)
        taken += perRequest
      }
      await collector.stop('SIGKILL')
      await start()
    }
    await allIsCounted(taken)
    expect(new Set(delivered()).size).toBe(taken)
  })

  /** Starts it with its queues on a disk of 24 MB, and says where that is for others. */
  async function startOnSmallDisk(): Promise<string> {
    const [onSmallDisk, queue, pid] = ['collector-on-small-disk', 'queue', 'pid'].map(name => path.join(folder, name))
    mkdirSync(queue!)
    const script = `unshare ${ownDisk.join(' ')} 'mount -t tmpfs -o size=24m none "$0" && exec "$@"' '${queue}'`
    writeFileSync(onSmallDisk!, `#!/bin/sh\necho $$ > '${pid}'\nexec ${script} '${inject('collectorBinary')}' "$@"\n`)
    chmodSync(onSmallDisk!, 0o755)
    await start({ OTELCOL_BIN: onSmallDisk!, AFN_QUEUE_DIR: queue! })
    return `/proc/${readFileSync(pid!, 'utf8').trim()}/root${queue}`
  }

  it.skipIf(!hasDisk)('when the disk is full and its sender tries again and again', async () => {
    await startOnSmallDisk()
    await tempo.away()

    const taken: string[] = []
    const waiting = Array.from({ length: 120 }, () => request(4_000))
    let refused = 0
    const sendAgain = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        for (let status = 0; status !== 200; ) {
          status = await collector.send('traces', next.body)
          if (status === 200) continue
          expect(status).toBe(503)
          refused += 1
          await sleep(500)
        }
        taken.push(...next.ids)
      }
    }
    const senders = Promise.all([sendAgain(), sendAgain(), sendAgain()])
    await until('many refusals', () => refused > 30)
    expect(collector.log()).toContain('no space left on device')
    await tempo.back()
    await senders
    await allIsCounted(120 * perRequest)
    expect(new Set(delivered())).toEqual(new Set(taken))
  })

  it.skipIf(!hasDisk)('when somebody else has filled the disk', async () => {
    const disk = await startOnSmallDisk()
    await tempo.away()
    const taken: string[] = []
    for (let n = 0; n < 40; n++) {
      const { ids, body } = request(4_000)
      expect(await collector.send('traces', body)).toBe(200)
      taken.push(...ids)
    }
    expect(() => writeFileSync(path.join(disk, 'of-somebody-else'), Buffer.alloc(24 << 20))).toThrow('ENOSPC')
    expect(await collector.send('traces', request().body)).toBe(503)
    await tempo.back()
    await until('all that was taken', () => new Set(delivered()).size === taken.length)
    rmSync(path.join(disk, 'of-somebody-else'))
    const { ids, body } = request()
    await until('room', async () => (await collector.send('traces', body)) === 200)
    await allIsCounted(taken.length + ids.length)
    expect(new Set(delivered())).toEqual(new Set([...taken, ...ids]))
  })
})
