// What `afn-otel generate` makes of slo.yaml and alerts-config.yaml, by the packed command.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultAlertsFile } from '../../src/pipeline/deployment/alerting'
import { nodeOfImage } from '../folders/images'
import { findAlertmanager } from '../support/binaries.mjs'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'

const slos = (...names: string[]) =>
  `version: prometheus/v1\nservice: shop\nslos:\n${names
    .map(
      name =>
        `  - name: ${name}\n    objective: 99\n    sli:\n      latency: { metric: http.server.request.duration, threshold: 2s }\n`,
    )
    .join('')}`

function folderOf(files: Record<string, string>) {
  const app = makeApp({ files })
  const generate = (...args: string[]) => {
    const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
    const script = 'umask 077; exec "$@"'
    const command = [process.execPath, cli, 'generate', '--profile', 'laptop', ...args]
    return spawnSync('sh', ['-c', script, 'sh', ...command], { cwd: app, encoding: 'utf8' })
  }
  return { app, generate, text: (file: string) => readFileSync(path.join(app, file), 'utf8') }
}
const page = readFileSync(path.join(import.meta.dirname, '../../docs/alerts.md'), 'utf8')
const alertmanager = findAlertmanager()
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)

it('leaves everything as it is where a file has a mistake, and names each', () => {
  const { app, generate } = folderOf({
    'slo.yaml': slos('fast').replace('99', '101'),
    'alerts-config.yaml': 'channels:\n  discord: { kind: dicsord }\n',
  })
  const { status, stderr } = generate()
  expect(status).toBe(2)
  expect(stderr).toMatch(/^slo\.yaml:5:\d+ .*101/m)
  expect(stderr).toMatch(/^alerts-config\.yaml:2:\d+ .*dicsord/m)
  expect(existsSync(path.join(app, 'compose.yaml'))).toBe(false)
})

it.each([
  ['the file that config init makes', undefined],
  ['the first example of the page', /^```yaml\n([\s\S]*?)^```/m.exec(page)![1]!],
])('makes a folder of %s, whose receiver asks for the token that was made', async (_, example) => {
  const { app, generate, text } = folderOf(example === undefined ? {} : { 'alerts-config.yaml': example })
  const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
  const inFolder = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { cwd: app, encoding: 'utf8' })
  if (example === undefined)
    expect(inFolder('config', 'init', 'alerts-config.yaml')).toMatchObject({ status: 0, stderr: '' })
  expect(generate()).toMatchObject({ status: 0, stderr: '' })
  if (!('missing' in alertmanager))
    expect(spawnSync(alertmanager.amtool, ['check-config', 'alertmanager.yml'], { cwd: app }).status).toBe(0)
  expect(text('alertmanager.yml')).toMatch(/url: http:\/\/alert-receiver:9095\/alertmanager\?[\s\S]*?receiver_token/)
  expect(inFolder('alerts', 'check').stdout).toMatch(/^ok: alerts-config\.yaml/m)

  const { services } = parse(text('compose.yaml')) as { services: { 'alert-receiver': { command: string[] } } }
  const [port] = await freePorts(1)
  const args = services['alert-receiver'].command.map(argument =>
    argument.replace('/etc/afn-otel', app).replace(/^9095$/, String(port)),
  )
  const stop = await startServer({
    binary: nodeOfImage(text('commands/Dockerfile')),
    args: [cli, ...args],
    folder: app,
    ready: `http://127.0.0.1:${port}/healthz`,
  })
  try {
    const incidents = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/incidents`, { headers })
    expect((await incidents({})).status).toBe(401)
    const authorization = `Bearer ${text('secrets/receiver_token')}`
    expect((await incidents({ authorization })).status).toBe(200)
  } finally {
    await stop()
  }
})

it('refuses a receiver that Alertmanager would not find in its container, at its line', () => {
  const channels = 'channels:\n  discord: { kind: discord, webhook_url_file: secrets/hook }\n'
  const { generate } = folderOf({ 'alerts-config.yaml': `${channels}receiver:\n  url: http://localhost:9095\n` })
  const { status, stderr } = generate()
  expect(status).toBe(2)
  expect(stderr).toMatch(/^alerts-config\.yaml:4:8 .*http:\/\/alert-receiver:9095/m)
})

it('makes secrets once, where nobody else of this host gets in, and rules that follow slo.yaml', () => {
  const { app, generate, text } = folderOf({ 'slo.yaml': slos('fast', 'faster') })
  expect(generate()).toMatchObject({ status: 0, stderr: '' })
  const secrets = path.join(app, 'secrets')
  expect(modeOf(secrets)).toBe('700')
  expect(modeOf(path.join(secrets, 'receiver_token'))).toBe('644')
  expect(modeOf(path.join(app, 'rules'))).toBe('755')
  const token = text('secrets/receiver_token')
  expect(token).toMatch(/^[\da-f]{64}$/)
  for (const file of readdirSync(app, { recursive: true, encoding: 'utf8' }))
    if (/^(?!secrets|node_modules).*\.(?:ya?ml|md)$/.test(file)) expect(text(file), file).not.toContain(token)
  expect(readdirSync(path.join(app, 'rules')).filter(name => name.startsWith('slo-'))).toHaveLength(2)
  writeFileSync(path.join(secrets, 'discord_webhook_url'), 'https://discord.com/api/webhooks/1/a')
  writeFileSync(path.join(app, 'slo.yaml'), slos('fast'))
  expect(generate('--check')).toMatchObject({ status: 1 })
  expect(generate()).toMatchObject({ status: 0, stderr: '' })
  expect(text('secrets/receiver_token')).toBe(token)
  expect(text('secrets/discord_webhook_url')).toBe('https://discord.com/api/webhooks/1/a')
  expect(readdirSync(path.join(app, 'rules')).filter(name => name.startsWith('slo-'))).toEqual(['slo-shop-fast.yml'])
  expect(generate('--check')).toMatchObject({ status: 0, stderr: '' })
})

it('makes the same of the files that people edit and of their copies in the folder', () => {
  const { app } = folderOf({
    'slo.yaml': slos('fast', 'faster'),
    'afn-otel.config.yaml': 'service: {name: shop}\npipeline: {retention: {traces: {detailed: 7}}}\n',
    'alerts-config.yaml': `${defaultAlertsFile}# mine\n`,
    'monitoring-config.json':
      '{ "budget_config": { "budgets": [{ "name": "all", "period": "month", "amount": 5 }] } }\n',
  })
  const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
  const generate = (folder: string, ...args: string[]) =>
    spawnSync(process.execPath, [cli, 'generate', '--profile', 'cluster', ...args], { cwd: folder, encoding: 'utf8' })
  expect(generate(app, '--target', 'out')).toMatchObject({ status: 0, stderr: '' })
  const made = () => readdirSync(path.join(app, 'out'), { recursive: true, encoding: 'utf8' }).sort()
  const before = made()
  expect(generate(path.join(app, 'out'), '--check')).toMatchObject({ status: 0, stderr: '' })
  expect(generate(path.join(app, 'out'))).toMatchObject({ status: 0, stderr: '' })
  expect(generate(app, '--target', 'out', '--check')).toMatchObject({ status: 0, stderr: '' })
  expect(made()).toEqual(before)
  expect(readFileSync(path.join(app, 'out/afn-otel.config.yaml'), 'utf8')).not.toContain('shop}')
  const copy = readFileSync(path.join(app, 'out/monitoring-config.json'), 'utf8')
  expect(copy).toMatch(
    /^\/\/ Generated by "afn-otel generate": a copy of .*monitoring-config\.json\.\n\{ "budget_config"/,
  )
  expect(readFileSync(path.join(app, 'out/alerts-config.yaml'), 'utf8')).toMatch(/^# Generated by .*: a copy of /)
})
