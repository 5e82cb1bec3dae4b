// The CLI of the packed package: what it prints and how it ends.
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLangfuse } from '../support/langfuse'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const cli = 'node_modules/@afn/otel/dist/cli.cjs'

describe('afn-otel', () => {
  it('lists its commands, and names one that does not exist', async () => {
    const folder = makeApp({ files: {} })
    expect(await run(folder, [cli, '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('afn-otel doctor'),
    })
    expect(await run(folder, [cli, '--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
    expect(await run(folder, [cli, 'toString'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^afn-otel: unknown command toString; did you mean \w+\? afn-otel --help lists all\n$/,
      ),
    })
    expect(await run(folder, [cli, 'doctor', '--jsn'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^afn-otel: .*--jsn/),
    })
  })
})

it('a command says what is wrong where each connection is closed before its answer, as a port of Docker does whose server starts', async () => {
  const server = createServer(socket => socket.destroy())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = {
    AFN_PROMETHEUS_URL: url,
    AFN_TEMPO_URL: url,
    AFN_COLLECTOR_HEALTH: url,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
  }
  const folder = makeApp({ files: {} })
  expect(await run(folder, [cli, 'doctor'], { env })).toMatchObject({ code: 1, stdout: expect.stringContaining(url) })
  server.close()
})

it('each command says how it is used, and what its exit codes mean', async () => {
  const folder = makeApp({ files: {} })
  const { stdout: list } = await run(folder, [cli, 'help'])
  const names = [...list.matchAll(/^ {2}afn-otel (\w+)/gm)].map(([, name]) => name!)
  expect(names).toContain('generate')
  for (const args of [...names.map(name => [name, '--help']), ['generate', '-h'], ['help', 'generate']]) {
    const { code, stdout, stderr } = await run(folder, [cli, ...args])
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: afn-otel \w+ .*Exit codes: 0 /s)
  }
})

describe('generate', () => {
  it('leaves files of the user alone, and writes nothing next to them', async () => {
    const mine = 'services: {db: {image: postgres}}\n'
    const folder = makeApp({ files: { 'compose.yaml': mine } })
    const refused = await run(folder, [cli, 'generate'])
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('compose.yaml') })
    expect(readFileSync(path.join(folder, 'compose.yaml'), 'utf8')).toBe(mine)
    expect(existsSync(path.join(folder, 'tempo.yaml'))).toBe(false)
  })

  it('makes a folder with its image, its instructions and secrets for their owner alone, which stay', async () => {
    const folder = makeApp({ files: {} })
    expect(await run(folder, [cli, 'generate', '--target', 'out'])).toMatchObject({ code: 0, stderr: '' })
    const read = (file: string) => readFileSync(path.join(folder, 'out', file), 'utf8')
    expect(read('collector/Dockerfile')).toContain('COPY builder.yaml')
    expect(read('collector/builder.yaml')).toContain('otlpreceiver')
    expect(read('README.md')).toContain('docker compose up')
    for (const file of ['.env', 'app.env']) {
      expect(statSync(path.join(folder, 'out', file)).mode & 0o777).toBe(0o600)
      expect(read('.gitignore')).toContain(`/${file}\n`)
    }
    const secrets = read('.env')
    const again = await run(folder, [cli, 'generate', '--target', 'out'])
    expect(again).toMatchObject({ code: 0, stderr: '', stdout: expect.not.stringContaining('wrote') })
    expect(read('.env')).toBe(secrets)
    // what the operator set stays beside what a change of the profile adds
    writeFileSync(path.join(folder, 'out/.env'), secrets.replace(/^GRAFANA_PASSWORD=.*$/m, 'GRAFANA_PASSWORD=mine'))
    expect(await run(folder, [cli, 'generate', '--target', 'out', '--profile', 'cluster'])).toMatchObject({ code: 0 })
    expect(read('.env')).toMatch(/^GRAFANA_PASSWORD=mine$/m)
    expect(read('.env')).toMatch(/^AFN_GATEWAY_TOKEN=[\da-f]{64}$/m)
  })

  it("leaves an app's own .env alone, and writes nothing next to it", async () => {
    const folder = makeApp({ files: { '.env': 'OPENAI_API_KEY=x\n' } })
    const refused = await run(folder, [cli, 'generate'])
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('.env') })
    expect(readFileSync(path.join(folder, '.env'), 'utf8')).toBe('OPENAI_API_KEY=x\n')
    expect(existsSync(path.join(folder, 'compose.yaml'))).toBe(false)
  })

  it('replaces what it wrote before, with another profile too', async () => {
    const folder = makeApp({ files: {} })
    expect(await run(folder, [cli, 'generate', '--target', 'out'])).toMatchObject({ code: 0, stderr: '' })
    expect(await run(folder, [cli, 'generate', '--target', 'out', '--check'])).toMatchObject({ code: 0, stderr: '' })
    const changed = await run(folder, [cli, 'generate', '--target', 'out', '--profile', 'laptop'])
    expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining('wrote out/compose.yaml') })
    expect(await run(folder, [cli, 'generate', '--target', 'out', '--check'])).toMatchObject({ code: 1 })
  })

  it('copies commands that run by themselves, as they do in their image', async () => {
    const folder = makeApp({ files: {} })
    expect(await run(folder, [cli, 'generate', '--target', 'out'])).toMatchObject({ code: 0 })
    const image = mkdtempSync(path.join(tmpdir(), 'afn-image-'))
    cpSync(path.join(folder, 'out/commands'), image, { recursive: true })
    writeFileSync(path.join(image, 'app.log'), 'to bob@example.com')
    const redacted = await run(image, ['cli.cjs', 'redact', 'app.log'])
    expect(redacted).toMatchObject({ code: 0, stdout: 'to [EMAIL]', stderr: '' })
    rmSync(image, { recursive: true })
  })
})

describe('redact', () => {
  const key = `-----BEGIN ${'PRIVATE'} KEY-----\n${'Ab1/'.repeat(16)}\n${'Cd2+'.repeat(16)}\n-----END ${'PRIVATE'} KEY-----`
  const folder = makeApp({ files: { 'app.log': `to bob@example.com\r\n${key}\nlast, password=hunter22` } })
  const masked = 'to [EMAIL]\r\n[SECRET]\nlast, password=[REDACTED]'

  it('masks a file, and changes no other byte of it', async () => {
    expect(await run(folder, [cli, 'redact', 'app.log'])).toMatchObject({ code: 0, stdout: masked, stderr: '' })
    expect(await run(folder, [cli, 'redact', 'missing.log'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ENOENT'),
    })
  })

  it('--explain says type and rule of each, and no value', async () => {
    const { stdout, stderr } = await run(folder, [cli, 'redact', '--explain', 'app.log'])
    expect(stdout).toBe(masked)
    const lines = stderr
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toMatchObject([
      { line: 1, type: 'EMAIL', rule: 'email', length: 15 },
      { line: 2, type: 'SECRET', rule: 'private key' },
      { line: 6, type: 'REDACTED', rule: 'secret by key', length: 8 },
    ])
    expect(stderr).not.toMatch(/bob|hunter/)
  })
})

describe('pseudonym', () => {
  const old = 'o'.repeat(32)
  const folder = makeApp({ files: { 'old.key': `${old}\n`, 'short.key': 'x' } })
  const ask = (args: string[], env: Record<string, string> = { AFN_HMAC_KEY: 'n'.repeat(32) }) =>
    run(folder, [cli, 'pseudonym', ...args], { env })
  const line = (key: string, type: string, text: string) => {
    const hmac = (of: string) => createHmac('sha256', key).update(of).digest('hex')
    return `${hmac('afn.redaction.key_id').slice(0, 8)} [${type}:${hmac(text).slice(0, 16)}]\n`
  }

  it('is what stands in the stores, under the key of today and the one before', async () => {
    expect(await ask(['Bob@example.com', '--key-file', 'old.key'])).toMatchObject({
      code: 0,
      stdout: line('n'.repeat(32), 'EMAIL', 'bob@example.com') + line(old, 'EMAIL', 'bob@example.com'),
    })
    expect(await ask(['--type', 'NAME', 'Ada  Lovelace'])).toMatchObject({
      stdout: line('n'.repeat(32), 'NAME', 'ada lovelace'),
    })
    expect(await ask(['+81 90-1234-5678'], { AFN_HMAC_KEY_FILE: 'old.key' })).toMatchObject({
      stdout: line(old, 'PHONE', '+819012345678'),
    })
  })

  it.each([
    [['bob@example.com'], {}, 'no key: set'],
    [['bob@example.com'], { AFN_HMAC_KEY: 'short' }, 'AFN110 AFN_HMAC_KEY'],
    [['Ada Lovelace of nowhere'], undefined, 'set --type'],
    [['--type', 'name', 'x'], undefined, 'invalid type "name"'],
    [['--key-file', 'short.key', 'x'], undefined, 'is not text of at least 32 bytes'],
  ])('%j with %j: %s', async (args, env, why) => {
    const { code, stdout, stderr } = await ask(args, env)
    expect({ code: code !== 0, stdout, stderr }).toEqual({
      code: true,
      stdout: '',
      stderr: expect.stringContaining(why),
    })
  })
})

describe('config', () => {
  it('init writes files that check finds right, overwrites none, and check names a mistake with its place', async () => {
    const folder = makeApp({ files: { 'slo.yaml': 'version: prometheus/v1\nservce: shop\n' } })
    const made = await run(folder, [cli, 'config', 'init'])
    expect(made).toMatchObject({ code: 1, stderr: 'slo.yaml already exists, left unchanged\n' })
    expect(made.stdout.match(/^wrote /gm)).toHaveLength(3)
    const { code, stdout } = await run(folder, [cli, 'config', 'check'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^slo\.yaml:2:1 .*"servce".*"service"/m)
    expect(stdout.match(/^ok: /gm)).toHaveLength(3)
  })

  it('--explain shows every setting with value and source, and no secret', async () => {
    const folder = makeApp({
      files: {
        'afn-otel.config.yaml': 'service: {name: from-file}\notlp: {headers: {authorization: "Bearer hush"}}\n',
      },
    })
    const { code, stdout } = await run(folder, [cli, 'config', '--explain'], { env: { OTEL_BSP_MAX_QUEUE_SIZE: '99' } })
    expect(code).toBe(0)
    expect(stdout).toMatch(/OTEL_SERVICE_NAME = from-file {2}\(.*afn-otel\.config\.yaml service\.name\)/)
    expect(stdout).toContain('OTEL_BSP_MAX_QUEUE_SIZE = 99  (environment OTEL_BSP_MAX_QUEUE_SIZE)')
    expect(stdout).toContain('OTEL_EXPORTER_OTLP_HEADERS = (set, secret)')
    expect(stdout).toContain('AFN_CAPTURE_CONTENT = off  (default)')
    expect(stdout).not.toContain('hush')
  })

  it('ends with 1 and the problem when a setting is wrong', async () => {
    const folder = makeApp({ files: {} })
    const result = await run(folder, [cli, 'config'], { env: { AFN_CAPTURE_CONTENT: 'some' } })
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/AFN110 AFN_CAPTURE_CONTENT="some" is not allowed; use off, redacted, full/),
    })
    const misspelt = makeApp({ files: { 'afn-otel.config.yaml': 'pipeline: {retntion: {}}' } })
    expect(await run(misspelt, [cli, 'config'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('pipeline.retntion is nothing that can be set'),
    })
  })
})

describe('passwords of URLs and secrets of the resource', () => {
  const secret = 's3cr3tpw'
  const url = (port: number) => `http://bob:${secret}@127.0.0.1:${port}/?token=${secret}`
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: url(1),
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: url(2),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `bob:${secret}@collector:4318`,
    OTEL_RESOURCE_ATTRIBUTES: `db.password=${secret}`,
    AFN_TEMPO_URL: url(3),
    AFN_PROMETHEUS_URL: url(4),
    AFN_LOCAL_URL: url(5),
    LANGFUSE_HOST: url(6),
    LANGFUSE_PUBLIC_KEY: 'pk',
    LANGFUSE_SECRET_KEY: secret,
  }

  it.each(['config', 'config --explain', 'doctor', 'doctor --json', 'stats', 'traces', 'langfuse janitor --dry-run'])(
    'are not printed by %s',
    async command => {
      const { stdout, stderr } = await run(makeApp({ files: {} }), [cli, ...command.split(' ')], { env })
      expect(stdout + stderr).not.toContain(secret)
      expect(stdout + stderr).toContain('127.0.0.1')
    },
  )
})

describe('langfuse proxy', () => {
  it('stands before LangFuse until a signal ends it', async () => {
    const langfuse = await startLangfuse([500])
    const folder = makeApp({ files: {} })
    const env = { ...process.env, LANGFUSE_HOST: langfuse.url }
    const proxy = spawn(process.execPath, [cli, 'langfuse', 'proxy', '--listen', '127.0.0.1:0'], { cwd: folder, env })
    const ended = new Promise(resolve => proxy.once('close', resolve))
    const line = await new Promise<string>(resolve => proxy.stderr.once('data', data => resolve(String(data))))
    const [, url] = /^langfuse: (http:\S+) forwards to http:/.exec(line)!
    const response = await fetch(`${url}/api/public/otel/v1/traces`, { method: 'POST', body: '{"batch":[]}' })
    expect(response.status).toBe(503)
    expect([...langfuse.paths]).toEqual(['POST /api/public/otel/v1/traces'])
    proxy.kill('SIGTERM')
    expect(await ended).toBe(0)
    await langfuse.close()
  })

  it("says how an address is written, and why one can't be used", async () => {
    const folder = makeApp({ files: {} })
    const wrong = await run(folder, [cli, 'langfuse', 'proxy', '--listen', '3003'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--listen takes HOST:PORT') })
    const langfuse = await startLangfuse()
    const taken = await run(folder, [cli, 'langfuse', 'proxy', '--listen', new URL(langfuse.url).host])
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('EADDRINUSE') })
    await langfuse.close()
  })
})

describe('doctor', () => {
  it('exits with 0 where every check is ok, and JSON has the whole status', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': '' } })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const text = await run(folder, [cli, 'doctor', 'app.cjs'], { env })
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toMatch(/ok +preload: started in .* as fixture-app/)
    expect(text.stdout).toMatch(/ok +traces: .*accepts them/)
    const json = JSON.parse((await run(folder, [cli, 'doctor', '--json'], { env })).stdout)
    expect(json).toMatchObject({
      ok: true,
      status: { state: 'started', llm: { fetch: 'tapped' }, instrumentations: { http: 'armed', fs: 'disabled' } },
    })
    await receiver.close()
  })

  it('names the cause and the remedy where nobody listens', async () => {
    const folder = makeApp({ files: {} })
    const gone = await startReceiver()
    await gone.close()
    const { code, stdout } = await run(folder, [cli, 'doctor'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: gone.url },
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /FAILED traces: http:\/\/127\.0\.0\.1:\d+\/v1\/traces rejects them \(ECONNREFUSED\).*OTEL_EXPORTER_OTLP_ENDPOINT/,
    )
  })

  it('names the cause and the remedy where a setting is wrong', async () => {
    const folder = makeApp({ files: {}, packageJson: { name: 'a', dependencies: { 'dd-trace': '5' } } })
    const wrong = await run(folder, [cli, 'doctor'], { env: { OTEL_BSP_SCHEDULE_DELAY: '-1' } })
    expect(wrong.stdout).toMatch(/FAILED diagnostics: AFN110 OTEL_BSP_SCHEDULE_DELAY="-1" is not allowed/)
  })

  it('says when another SDK is installed, and for what this one would stand down', async () => {
    const folder = makeApp({ files: {}, packageJson: { name: 'a', dependencies: { '@sentry/node': '10' } } })
    const { stdout } = await run(folder, [cli, 'doctor'])
    expect(stdout).toMatch(/preload: started/)
    expect(stdout).toMatch(/other SDK: @sentry\/node is installed.*AFN_STAND_DOWN=false/)
  })

  it('says that the named app does not exist', async () => {
    const folder = makeApp({ files: {} })
    expect(await run(folder, [cli, 'doctor', 'nowhere.js'])).toMatchObject({
      code: 2,
      stderr: 'afn-otel: nowhere.js does not exist; specify the entry file of the app or its folder\n',
    })
  })
})
