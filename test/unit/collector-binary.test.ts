import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { build } from '../../src/cli/collector/build'
import { distribution } from '../../src/cli/collector/distribution'
import { findCollector } from '../../src/cli/collector/find'
import { ownSecret } from '../../src/cli/collector/own-secret'
import { usedComponents } from '../../src/pipeline/deployment/components'
import { diagnostics } from '../../src/shared/diag/report'

let folder: string
let said: string[]
let env: NodeJS.ProcessEnv

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-collector-'))
  said = []
  // PATH has what the scripts below and the unpacking use, and no go and no Collector unless a test puts one there.
  mkdirSync(onPath(''))
  for (const tool of ['cat', 'chmod', 'cp', 'gzip', 'mkdir', 'tar']) {
    symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), onPath(tool))
  }
  env = { PATH: onPath(''), AFN_CACHE_DIR: path.join(folder, 'cache') }
  // Nothing listens there: a test that reaches the download without meaning to must not reach the internet.
  env.AFN_COLLECTOR_DOWNLOAD_URL = 'http://127.0.0.1:1'
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ours = () => distribution(env, import.meta.dirname)
const find = () => findCollector({ distribution: ours(), env, say: line => said.push(line) })
const failure = () =>
  find().then(
    binary => `found ${binary}`,
    error => (error as Error).message,
  )

function script(file: string, ...lines: string[]): string {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(file, 0o755)
  return file
}

/** A shell script that lists components as the Collector does. */
function fakeCollector(file: string, lacks?: string): string {
  const listing = usedComponents().map(([kind, type]) =>
    type === lacks ? '' : `${kind}:\n    - name: ${type}\n      module: example.com/${type} v0.161.0`,
  )
  return script(file, `cat <<'END'\n${listing.join('\n')}\nEND`)
}

const onPath = (name: string) => path.join(folder, 'bin', name)
const inCache = (name: string) => path.join(ours().binaries, name)

describe('the order', () => {
  it('is OTELCOL_BIN, the cache, PATH, a download of seconds, a build of minutes', async () => {
    script(onPath('go'), 'exit 1')
    env.OTELCOL_BIN = fakeCollector(path.join(folder, 'mine'))
    fakeCollector(inCache('otelcol-afn'))
    fakeCollector(onPath('otelcol-afn'))
    fakeCollector(onPath('otelcol-contrib'))

    expect(await find()).toBe(env.OTELCOL_BIN)
    expect(said.at(-1)).toBe(`collector: ${env.OTELCOL_BIN}, from OTELCOL_BIN`)
    env.OTELCOL_BIN = undefined
    expect(await find()).toBe(inCache('otelcol-afn'))
    rmSync(inCache('otelcol-afn'))
    expect(await find()).toBe(onPath('otelcol-afn'))
    rmSync(onPath('otelcol-afn'))
    expect(await find()).toBe(onPath('otelcol-contrib'))
    rmSync(onPath('otelcol-contrib'))

    const message = await failure()
    expect(message.indexOf('download:')).toBeLessThan(message.indexOf('building with Go'))
  })

  it('keeps the cache by what the binary is made of: builder.yaml and our own components, without their tests', () => {
    const copy = path.join(folder, 'package')
    cpSync(path.dirname(ours().manifest), path.join(copy, 'collector'), { recursive: true })
    writeFileSync(path.join(copy, 'package.json'), JSON.stringify({ name: '@afn/otel' }))
    const key = () => distribution(env, copy).binaries
    const keys = [key()]
    const changed = (file: string) => {
      appendFileSync(path.join(copy, 'collector', file), '\n# changed\n')
      keys.push(key())
      return keys.at(-1) !== keys.at(-2)
    }
    expect(path.dirname(keys[0]!)).toBe(path.join(folder, 'cache'))
    expect(changed('components/trustconnector/trust_test.go')).toBe(false)
    expect(changed('components/trustconnector/trust.go')).toBe(true)
    expect(changed('components/go.mod')).toBe(true)
    expect(changed('builder.yaml')).toBe(true)
    expect(changed('Dockerfile')).toBe(false)
  })
})

describe('a binary that does not fit', () => {
  it('is refused by name, with the component, and the search goes on', async () => {
    env.OTELCOL_BIN = fakeCollector(path.join(folder, 'old'), 'tail_sampling')
    fakeCollector(onPath('otelcol-contrib'))
    expect(await find()).toBe(onPath('otelcol-contrib'))
    expect(said).toContain(`collector: rejected: ${env.OTELCOL_BIN} lacks processor tail_sampling`)
  })

  it('may not be there at all', async () => {
    env.OTELCOL_BIN = path.join(folder, 'nowhere')
    fakeCollector(onPath('otelcol-afn'))
    expect(await find()).toBe(onPath('otelcol-afn'))
    expect(said.join('\n')).toContain(`rejected: ${env.OTELCOL_BIN} does not list its components`)
  })

  it('may not be a Collector', async () => {
    env.OTELCOL_BIN = script(path.join(folder, 'broken'), 'echo boom >&2', 'exit 3')
    expect(await failure()).toMatch(/broken does not list its components: .*failed:\n {2}boom/)
  })
})

it('says for each way why it led to none, and what to do', async () => {
  const message = await failure()
  expect(message).toContain('OTELCOL_BIN is not set')
  expect(message).toContain(`nothing in the cache ${ours().binaries}`)
  expect(message).toContain('neither otelcol-afn nor otelcol-contrib on PATH')
  expect(message).toContain('no go on PATH')
  expect(message).toMatch(/download: http:\/\/127.0.0.1:1\/\S+: ./)
  expect(message).toContain('To fix this, set OTELCOL_BIN')
})

describe('a build with Go', () => {
  /** Installs a builder that needs what ocb needs: a manifest, and a folder to write ./dist into. */
  const fakeGo = (...builder: string[]) =>
    script(
      onPath('go'),
      `[ "$1 $2" = "install go.opentelemetry.io/collector/cmd/builder@v${ours().version}" ] || exit 9`,
      `cat > "$GOBIN/builder" <<'END'\n#!/bin/sh\n${builder.join('\n')}\nEND`,
      'chmod +x "$GOBIN/builder"',
    )

  it('puts the binary into the cache', async () => {
    const built = fakeCollector(path.join(folder, 'built'))
    fakeGo(
      `[ "$1 $2" = "--config ${ours().manifest}" ] || exit 8`,
      // the manifest names our own components relative to where the builder runs
      '[ -f components/trustconnector/trust.go ] || exit 7',
      'mkdir dist',
      `cp ${built} dist/otelcol-afn`,
    )
    expect(await find()).toBe(inCache('otelcol-afn'))
    const [, building, first, second, done] = said
    expect(building).toMatch(/building otelcol-afn 0\.161\.0 with .*\/go; this takes minutes, once/)
    expect([first, second]).toEqual([expect.stringContaining('step 1 of 2'), expect.stringContaining('step 2 of 2')])
    expect(done).toMatch(/^collector: built in \d/)
    expect(said.at(-1)).toContain('from a build with Go')
    said = []
    expect(await find()).toBe(inCache('otelcol-afn'))
    expect(said).toEqual([`collector: ${inCache('otelcol-afn')}, from the cache`])
  })

  it('says again and again how long it has taken, and leaves what was written in a log', async () => {
    const built = fakeCollector(path.join(folder, 'built'))
    // ends when the second line has come, so that no time is awaited
    const go = 'while [ ! -e ../go-on ]; do :; done'
    fakeGo('echo compiling', go, 'mkdir dist', `cp ${built} dist/otelcol-afn`)
    const say = (line: string) => {
      said.push(line)
      if (said.filter(one => /step 2.*so far/.test(one)).length === 2) writeFileSync(inCache('go-on'), '')
    }
    await build(onPath('go'), ours(), env, say, 5)
    const log = inCache('build.log')
    expect(said.find(line => /step 2.*so far/.test(line))).toContain(`so far; see ${log}`)
    expect(readFileSync(log, 'utf8')).toBe('compiling\n')
  })

  it('that fails leaves nothing behind, says why, and the search goes on', async () => {
    fakeGo('mkdir dist', 'echo half > dist/otelcol-afn', 'echo "missing go.sum entry" >&2', 'exit 1')
    expect(await failure()).toMatch(/building with Go: \S+builder --config failed:\n {2}missing go\.sum entry/)
    expect(existsSync(inCache('otelcol-afn'))).toBe(false)
    expect(said).toContain(`collector: downloading otelcol-contrib ${ours().version}`)
  })
})

describe('a download', () => {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const asset = () => `otelcol-contrib_${ours().version}_${process.platform}_${arch}.tar.gz`
  let server: Server
  let files: Record<string, Buffer | string>
  let installed: string

  /** As if upstream had released this archive, and the package had pinned it. */
  const findPinned = () =>
    findCollector({ distribution: distribution(env, installed), env, say: line => said.push(line) })

  beforeEach(async () => {
    fakeCollector(path.join(folder, 'release/otelcol-contrib'))
    const archive = execFileSync('tar', ['-czf', '-', '-C', path.join(folder, 'release'), 'otelcol-contrib'])
    const sha256 = createHash('sha256').update(archive).digest('hex')
    // whoever can exchange the archive can exchange what lies beside it
    const checksums = 'opentelemetry-collector-releases_otelcol-contrib_checksums.txt'
    const line = `${sha256}  ${asset()}\n`
    files = { [asset()]: archive, [checksums]: line, [`${asset()}.sha256`]: sha256 }
    installed = path.join(folder, 'package')
    cpSync(path.dirname(ours().manifest), path.join(installed, 'collector'), { recursive: true })
    writeFileSync(path.join(installed, 'package.json'), JSON.stringify({ name: '@afn/otel' }))
    writeFileSync(distribution(env, installed).checksums, line)
    server = createServer((request, response) => {
      const body = files[request.url!.slice('/v1/'.length)]
      response.statusCode = body === undefined ? 404 : 200
      response.end(body)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    env.AFN_COLLECTOR_DOWNLOAD_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  })
  afterEach(() => new Promise(resolve => server.close(resolve)))

  it('with the pinned checksum is kept, and found without a network the next time', async () => {
    expect(await findPinned()).toBe(inCache('otelcol-contrib'))
    expect(said.at(-1)).toContain('from a verified download')
    files = {}
    expect(await findPinned()).toBe(inCache('otelcol-contrib'))
  })

  it('H8: what a mirror made up ran, since the mirror has checksums of it too', async () => {
    const ran = path.join(folder, 'ran')
    script(path.join(folder, 'release/otelcol-contrib'), `echo ran > ${ran}`)
    files[asset()] = execFileSync('tar', ['-czf', '-', '-C', path.join(folder, 'release'), 'otelcol-contrib'])
    const sha256 = createHash('sha256').update(files[asset()]!).digest('hex')
    for (const beside of Object.keys(files).slice(1)) files[beside] = `${sha256}  ${asset()}\n`
    const before = diagnostics().length
    // the checksums are those of the package as it is
    expect(await failure()).toMatch(/download: http:\S+ is not the upstream release \(AFN220\)/)
    await expect(findPinned()).rejects.toThrow('AFN220')
    const refused = { code: 'AFN220', message: expect.stringContaining(`has sha256 ${sha256}`) }
    expect(diagnostics().slice(before)).toMatchObject([refused, refused])
    expect([existsSync(ran), existsSync(inCache('otelcol-contrib'))]).toEqual([false, false])
    expect(readdirSync(ours().binaries)).toEqual([])
  })

  it('that is not there says so, and one that the package does not pin is not asked for', async () => {
    files = {}
    await expect(findPinned()).rejects.toThrow(/tar\.gz: 404/)
    writeFileSync(distribution(env, installed).checksums, '')
    await expect(findPinned()).rejects.toThrow(/has no checksum for otelcol-contrib_0\S+; reinstall @afn\/otel/)
  })

  it('of the version in builder.yaml is pinned for each system that upstream releases it for', () => {
    const systems = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64']
    const lines = readFileSync(ours().checksums, 'utf8').trimEnd().split('\n')
    expect(lines.map(line => line.replace(/^[\da-f]{64} {2}/, ''))).toEqual(
      systems.map(system => `otelcol-contrib_${ours().version}_${system}.tar.gz`),
    )
    expect(new Set(lines.map(line => line.slice(0, 64))).size).toBe(4)
  })
})

describe('a secret of this machine', () => {
  it('is made once and is its owner’s alone', () => {
    const made = ownSecret(env.AFN_CACHE_DIR!, 'hmac.key')
    expect(made).toMatchObject({ isNew: true, file: path.join(folder, 'cache/hmac.key') })
    expect(made.value).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(made.file).mode & 0o777).toBe(0o600)
    expect(ownSecret(env.AFN_CACHE_DIR!, 'hmac.key')).toEqual({ ...made, isNew: false })
  })
})
