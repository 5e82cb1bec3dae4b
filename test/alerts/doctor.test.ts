// What `afn-otel doctor` says where no alert can reach anybody, with a receiver that Discord refuses.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { alertingChecks } from '../../src/pipeline/doctor/alerting'
import { lacks, startStand, webhookOf } from './stand'

describe.skipIf(lacks)('doctor', () => {
  it('names channels that hold no secret yet or are blocked, and that nobody outside is listening', async context => {
    const stand = await startStand(context)
    const { url } = await stand.start({ token: 'of-the-receiver' })
    const write = (file: string, text: string) => writeFileSync(path.join(stand.folder, file), text)
    mkdirSync(path.join(stand.folder, 'secrets'))
    write('secrets/receiver_token', 'of-the-receiver')
    write('secrets/hook', 'https://example.invalid/put-the-url-here')
    write('alerts-config.yaml', 'channels:\n  ops: { kind: discord, webhook_url_file: secrets/hook }\n')
    const said = async () =>
      (await alertingChecks({ AFN_ALERTS_URL: url }, stand.folder))
        .filter(({ part }) => part === 'Alertmanager')
        .map(({ name, ok, skipped, detail }) => `${name}: ${skipped ? '-' : ok ? 'ok' : 'FAILED'} ${detail}`)
    expect(await said()).toEqual([
      expect.stringMatching(
        /^channels: FAILED .*alerts-config\.yaml:2:\d+ secrets\/hook still contains the placeholder that afn-otel/,
      ),
      expect.stringMatching(/^heartbeats: - .*watchdog\.heartbeats/),
    ])
    write('secrets/hook', 'https://discord.com/api/webhooks/1/a')
    expect(await said()).toContain('channels: ok ops')
    stand.discord.answer = () => ({ status: 401, body: {} })
    const headers = { authorization: 'Bearer of-the-receiver', 'content-type': 'application/json' }
    const body = JSON.stringify(webhookOf({ name: 'Down' }))
    await fetch(`${url}/alertmanager?channel=ops`, { method: 'POST', headers, body })
    await vi.waitFor(
      async () => expect((await said())[0]).toMatch(/^channels: FAILED the receiver can't use ops/),
      30_000,
    )
    write(
      'alerts-config.yaml',
      'channels:\n  ops: { kind: discord, webhook_url_file: secrets/hook }\nwatchdog:\n  heartbeats:\n    - { name: one, url: "https://one.example.com/ping" }\n    - { name: two, url: "https://two.example.com/ping" }\n',
    )
    expect(await said()).toContain('heartbeats: ok one, two')
  })
})
