// TLS between agents and gateways, as `pipeline.tls` configures it: real Collectors, and certificates as cert-manager makes them.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { freePorts } from '../support/ports'
import { type FakeTempo, startFakeTempo } from './fake-tempo'
import { describeCollector, type Running, scratchFolder, startCollector, until } from './support'
import { exportRequest } from './traces'

const folder = scratchFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const token = 'the-token-of-the-agents'
const at = (...names: string[]) => path.join(folder, ...names)

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] })
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Signs whatever is asked. */
function makeAuthority(name: string): void {
  mkdirSync(at(name), { recursive: true })
  const files = ['-keyout', at(name, 'ca.key'), '-out', at(name, 'ca.crt')]
  openssl('req', '-x509', ...curve, ...files, '-days', '2', '-subj', `/CN=${name}`)
}

/** As a Secret of cert-manager is mounted: tls.crt, tls.key and ca.crt. @param trusts the authority whose ca.crt it gets */
function issue(into: string, dnsName: string, signedBy: string, trusts = signedBy): string {
  const target = at(into)
  mkdirSync(target, { recursive: true })
  const request = at('request.csr')
  openssl('req', ...curve, '-keyout', path.join(target, 'tls.key'), '-out', request, '-subj', `/CN=${dnsName}`)
  writeFileSync(at('names.ext'), `subjectAltName=DNS:${dnsName}\nextendedKeyUsage=serverAuth,clientAuth\n`)
  const authority = ['-CA', at(signedBy, 'ca.crt'), '-CAkey', at(signedBy, 'ca.key'), '-CAcreateserial']
  const out = ['-out', path.join(target, 'tls.crt'), '-days', '1', '-extfile', at('names.ext')]
  openssl('x509', '-req', '-in', request, ...authority, ...out)
  copyFileSync(at(trusts, 'ca.crt'), path.join(target, 'ca.crt'))
  return target
}

const span = (n: number) => ({
  traceId: n.toString(16).padStart(32, '0'),
  spanId: n.toString(16).padStart(16, '0'),
  name: 'work',
  kind: 1,
  startTimeUnixNano: `${Date.now()}000000`,
  endTimeUnixNano: `${Date.now()}000000`,
  status: { code: 0 },
  attributes: [],
  events: [],
})

describeCollector('agents and gateways with certificates', () => {
  let tempo: FakeTempo
  let gateway: Running
  let agent: Running | undefined
  let port: number
  const generated = Object.fromEntries(
    generateFiles(planOf('cluster', { tls: { issuer: 'internal' } })).map(({ path: name, content }) => [name, content]),
  )
  const config = (name: string, overlay: object): string[] => {
    const [file, over] = [at(name), at(`over-${name}`)]
    writeFileSync(file, generated[name]!.replaceAll('4320', String(port)).replaceAll('reload_interval: 1m', 'reload_interval: 1s')) // biome-ignore format: one line
    writeFileSync(over, stringify(overlay))
    return ['--config', file, '--overlay', over]
  }
  const startAgent = async (name: string, certificate: string) => {
    const settings = { AFN_GATEWAY: '127.0.0.1', AFN_GATEWAY_TOKEN: token, AFN_TLS_DIR: certificate }
    agent = await startCollector(at(name), config('otel-collector-agent.yaml', {}), settings)
    return agent
  }
  const has = (n: number) => tempo.spans('afn-detailed').has(span(n).traceId)
  const refused = async (n: number, certificate: string) => {
    const { send, log } = await startAgent(`agent-${n}`, certificate)
    expect(await send('traces', exportRequest([span(n)]))).toBe(200)
    await until('the agent to be refused', () => /tls: |x509: |authentication handshake failed/.test(log()))
    expect(has(n)).toBe(false)
  }

  beforeAll(async () => {
    port = (await freePorts(1))[0]!
    makeAuthority('ours')
    makeAuthority('theirs')
    tempo = await startFakeTempo()
    const plain = { tls: { insecure: true, ca_file: '' } }
    const exporters = Object.fromEntries(['detailed', 'sampled', 'errors'].map(tier => [`afn_otlp_grpc/tempo-${tier}`, plain])) // biome-ignore format: one line
    gateway = await startCollector(at('gateway'), config('otel-collector.yaml', { exporters }), {
      AFN_OTLP_TRUSTED_GRPC: `127.0.0.1:${port}`,
      AFN_GATEWAY_TOKEN: token,
      AFN_TEMPO: tempo.address,
      AFN_TLS_DIR: issue('gateway-tls', 'otel-gateway-headless', 'ours'),
    })
  })
  afterEach(async () => {
    await agent?.stop('SIGKILL')
    agent = undefined
  })
  afterAll(async () => {
    await gateway?.stop('SIGKILL')
    await tempo?.away()
  })

  it('deliver where each side knows the authority of the other', async () => {
    const { send } = await startAgent('agent-1', issue('agent-tls', 'otel-agent', 'ours'))
    expect(await send('traces', exportRequest([span(1)]))).toBe(200)
    await until('the span', () => has(1))
  })

  it('refuse an agent whose certificate another authority has signed', async () => {
    await refused(2, issue('foreign-tls', 'otel-agent', 'theirs', 'ours'))
    // what it took waits for a certificate that is believed
    await agent!.stop()
    await startAgent('agent-2', at('agent-tls'))
    await until('the span', () => has(2))
  })

  it('are not believed by an agent that knows another authority', async () => {
    await refused(3, issue('astray-tls', 'otel-agent', 'ours', 'theirs'))
  })

  it('show a renewed certificate without a restart', async () => {
    const own = at('agent-tls')
    const serial = () =>
      new Promise<string>((resolve, reject) => {
        const [cert, key, ca] = ['tls.crt', 'tls.key', 'ca.crt'].map(file => readFileSync(path.join(own, file)))
        const socket = connect({ host: '127.0.0.1', port, servername: 'otel-gateway-headless', cert, key, ca, ALPNProtocols: ['h2'] }, () => { resolve(socket.getPeerCertificate().serialNumber); socket.end() }) // biome-ignore format: one line
        socket.once('error', reject)
      })
    const before = await serial()
    issue('gateway-tls', 'otel-gateway-headless', 'ours')
    await until('the new certificate', async () => (await serial()) !== before)
    const { send } = await startAgent('agent-4', own)
    expect(await send('traces', exportRequest([span(4)]))).toBe(200)
    await until('the span', () => has(4))
  })
})
