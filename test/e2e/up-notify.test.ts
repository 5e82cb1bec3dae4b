// From nothing to an alert in Discord, without containers: what docs/up.md says, word for word, and once alone over a kill -9.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { findDiscordSchema } from '../support/binaries.mjs'
import { startDiscordSink } from '../support/discord-sink'
import { makeApp, root } from '../support/packed'
import { run } from '../support/run'
import { runUp, startUp } from '../support/up'

const schema = findDiscordSchema()
const page = readFileSync(path.join(root, 'docs/up.md'), 'utf8')
const [, commands = ''] = /### Be notified\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(page) ?? []

const folderOf = () =>
  makeApp({
    files: {},
    modules: { '@duckdb/node-api': '@duckdb/node-api', '@libsql/client': '@libsql/client' },
  })

it.skipIf('missing' in schema)(
  'an alert comes to Discord by the commands of the page, and not again after a kill',
  async () => {
    const folder = folderOf()
    const discord = await startDiscordSink()
    const [init = '', secret = '', up = ''] = commands
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('npm i '))
    expect(init).toBe('npx afn-otel config init alerts-config.yaml')
    expect(secret).toMatch(/^mkdir -p secrets && echo .* > secrets\/discord_webhook_url$/)
    expect(up).toBe('npx afn-otel up --notify alerts-config.yaml')
    expect((await run(folder, ['node_modules/@afn/otel/dist/cli.cjs', ...init.split(' ').slice(2)])).code).toBe(0)
    mkdirSync(path.join(folder, 'secrets'))
    writeFileSync(path.join(folder, 'secrets/discord_webhook_url'), discord.webhook('ops'))
    // an alert of one's own, at once, by a label that nobody may see
    const config = path.join(folder, 'alerts-config.yaml')
    const rule = `rules:\n  - { name: Always, expr: vector(1) > 0, severity: critical, service: shop, annotations: { summary: "Ask bob@example.com" } }\n`
    writeFileSync(config, `${readFileSync(config, 'utf8')}${rule}`)
    const args = [...up.split(' ').slice(3), '--data', 'data']
    const first = await startUp(args, { folder })
    await discord.until(({ posts }) => posts.some(({ text }) => text.includes('Always')), 60_000)
    const { text } = discord.posts.find(post => post.text.includes('Always'))!
    expect(text).toMatch(/\[CRITICAL\] Always\b.*shop/)
    expect(text).not.toContain('bob@example.com')
    // a post whose answer nobody has written down comes again, and says so
    await sleep(5_000)
    await first.stop('SIGKILL')
    const before = discord.posts.length
    const second = await startUp(args, { folder })
    // longer than the delay of critical, shorter than its repeat
    await sleep(20_000)
    expect(discord.posts.slice(before).map(post => post.text)).toEqual([])
    await second.stop()
    await discord.close()
  },
)

it('says every mistake of the file, and that what is remembered needs a folder', async () => {
  const folder = folderOf()
  writeFileSync(path.join(folder, 'alerts-config.yaml'), 'channels:\n  ops: { kind: dicsord }\n')
  const { code, stderr } = await runUp(folder, ['--notify', 'alerts-config.yaml', '--data', 'data'])
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/alerts-config\.yaml:2:\d+ .*dicsord/) })
  expect(await runUp(folder, ['--notify', 'alerts-config.yaml', '--memory'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('omit one of them'),
  })
})
