// System metrics. The oracle is prometheus-node-exporter 1.5, scraped just before and just after; of cgroups the kernel's files, and
// trees of files as kernels have them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cgroup } from '../../src/app/system/cgroup'
import { mountsOf } from '../../src/app/system/filesystems'
import { measureSystem } from '../../src/app/system/metrics'
import { type NodeExporter, nodeExporter, startNodeExporter } from './node-exporter'

class Reader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

type Attributes = Record<string, unknown>

function setUp(folders = ['/']) {
  const reader = new Reader()
  const provider = new MeterProvider({ readers: [reader] })
  measureSystem(provider.getMeter('test'), folders)
  return async () => {
    const { resourceMetrics } = await reader.collect()
    const metrics = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)
    return (name: string, wanted: Attributes = {}): number => {
      const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []
      const found = points.find(({ attributes }) =>
        Object.entries(wanted).every(([key, value]) => attributes[key] === value),
      )
      return found ? (found.value as number) : Number.NaN
    }
  }
}

/** The sum of the series of one name whose labels match. */
function series(text: string, name: string, labels = ''): number {
  const lines = text.split('\n').filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  const values = lines.filter(line => line.includes(labels)).map(line => Number(line.split(' ').at(-1)))
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) : Number.NaN
}

describe.runIf('binary' in nodeExporter)('the metrics of the system, next to those of node-exporter', () => {
  let exporter: NodeExporter
  beforeAll(async () => {
    if ('binary' in nodeExporter) exporter = await startNodeExporter(nodeExporter.binary)
  })
  afterAll(() => exporter?.stop())

  type Got = Awaited<ReturnType<ReturnType<typeof setUp>>>
  const mode = (value: string) => ({ 'cpu.mode': value })
  const state = (value: string) => ({ 'system.memory.state': value })
  const disk = (value: string) => ({ 'system.filesystem.mountpoint': '/', 'system.filesystem.state': value })
  const root = 'mountpoint="/"'
  const cases: [string, (got: Got) => number, (text: string) => number][] = [
    ['CPU user', got => got('system.cpu.time', mode('user')), text => series(text, 'node_cpu_seconds_total', 'mode="user"')],
    ['CPU system', got => got('system.cpu.time', mode('system')), text => series(text, 'node_cpu_seconds_total', 'mode="system"')],
    ['CPU idle', got => got('system.cpu.time', mode('idle')), text => series(text, 'node_cpu_seconds_total', 'mode="idle"')],
    ['memory', got => got('system.memory.limit'), text => series(text, 'node_memory_MemTotal_bytes')],
    ['memory free', got => got('system.memory.usage', state('free')), text => series(text, 'node_memory_MemFree_bytes')],
    ['memory available', got => got('system.memory.linux.available'), text => series(text, 'node_memory_MemAvailable_bytes')],
    ['page cache', got => got('system.memory.usage', state('cached')), text => series(text, 'node_memory_Cached_bytes') + series(text, 'node_memory_SReclaimable_bytes')],
    ['size of /', got => got('system.filesystem.limit', { 'system.filesystem.mountpoint': '/' }), text => series(text, 'node_filesystem_size_bytes', root)],
    ['free space of /', got => got('system.filesystem.usage', disk('free')), text => series(text, 'node_filesystem_avail_bytes', root)],
    ['used space of /', got => got('system.filesystem.usage', disk('used')), text => series(text, 'node_filesystem_size_bytes', root) - series(text, 'node_filesystem_free_bytes', root)],
    ['free inodes of /', got => got('system.filesystem.inodes.usage', disk('free')), text => series(text, 'node_filesystem_files_free', root)],
    ['load, 1 minute', got => got('system.cpu.load_average.1m'), text => series(text, 'node_load1')],
    ['load, 15 minutes', got => got('system.cpu.load_average.15m'), text => series(text, 'node_load15')],
    ['uptime', got => got('system.uptime'), text => series(text, 'node_time_seconds') - series(text, 'node_boot_time_seconds')],
    ['processes', got => got('system.process.count'), text => series(text, 'node_processes_pids')],
  ] // biome-ignore format: a table

  it('are within 2 % of what two scrapes of it say', async () => {
    const collect = setUp()
    const wrong: string[] = []
    // a busy machine changes while it is measured: a figure is wrong when it is so three times
    for (let attempt = 0; attempt < 3; attempt++) {
      wrong.length = 0
      const before = await exporter.scrape()
      const got = await collect()
      const after = await exporter.scrape()
      for (const [name, ours, theirs] of cases) {
        const [value, low, high] = [ours(got), ...[theirs(before), theirs(after)].sort((a, b) => a - b)] as [number, number, number] // biome-ignore format: one line
        const room = Math.max(Math.abs(high) * 0.02, 0.02)
        if (!(value >= low - room && value <= high + room)) wrong.push(`${name}: ${value}, not ${low} to ${high}`)
      }
      if (wrong.length === 0) break
    }
    expect(wrong).toEqual([])
  })
})
if ('missing' in nodeExporter) console.log(`skipped: system metrics beside node-exporter: ${nodeExporter.missing}`)

describe('the shares', () => {
  it('of CPU time and of memory add up to one, those of the disk to what is used', async () => {
    const collect = setUp()
    await new Promise(resolve => setTimeout(resolve, 50))
    const got = await collect()
    const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'steal']
    const cpu = modes.map(mode => got('system.cpu.utilization', { 'cpu.mode': mode })).filter(Number.isFinite)
    expect(cpu.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
    const states = ['used', 'free', 'buffers', 'cached']
    const memory = states.map(state => got('system.memory.utilization', { 'system.memory.state': state }))
    expect(memory.filter(Number.isFinite).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
    expect(got('system.filesystem.utilization')).toBeGreaterThan(0)
    expect(got('system.filesystem.utilization')).toBeLessThanOrEqual(1)
  })

  it('the process has threads, files and memory', async () => {
    const got = await setUp()()
    for (const name of ['process.thread.count', 'process.unix.file_descriptor.count', 'process.memory.usage', 'process.memory.virtual', 'process.uptime']) expect([name, got(name) > 0]).toEqual([name, true]) // biome-ignore format: one line
  })
})

describe('the memory limit by cgroups', () => {
  const roots: string[] = []
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true })
  })
  function tree(files: Record<string, string>): string {
    const root = mkdtempSync(path.join(tmpdir(), 'afn-cgroup-'))
    roots.push(root)
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), text)
    }
    return root
  }

  it('is that of the container in v2, and used memory leaves the cache out', () => {
    const root = tree({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': '536870912\n',
      'sys/fs/cgroup/memory.current': '300000000\n',
      'sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 100000000\nactive_file 5\n',
      'sys/fs/cgroup/cpu.stat': 'usage_usec 5000000\nuser_usec 3000000\nsystem_usec 2000000\n',
    })
    expect(cgroup(root)).toEqual({
      memoryUsage: 300_000_000,
      workingSet: 200_000_000,
      memoryLimit: 536_870_912,
      cpuSeconds: { user: 3, system: 2 },
    })
  })

  it('is the smallest of all above in nested v2', () => {
    const root = tree({
      'proc/self/cgroup': '0::/kubepods/pod1/app\n',
      'sys/fs/cgroup/kubepods/pod1/app/memory.max': 'max\n',
      'sys/fs/cgroup/kubepods/pod1/app/memory.current': '1000\n',
      'sys/fs/cgroup/kubepods/pod1/memory.max': '4096\n',
      'sys/fs/cgroup/kubepods/memory.max': '8192\n',
    })
    expect(cgroup(root)).toMatchObject({ memoryUsage: 1_000, memoryLimit: 4_096, cpuSeconds: undefined })
  })

  it('is found in v1 in a container that sees the path of the host', () => {
    const root = tree({
      'proc/self/cgroup': '5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '268435456\n',
      'sys/fs/cgroup/memory/memory.usage_in_bytes': '200000000\n',
      'sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 50000000\n',
      'sys/fs/cgroup/cpuacct/cpuacct.stat': 'user 300\nsystem 200\n',
    })
    expect(cgroup(root)).toEqual({
      memoryUsage: 200_000_000,
      workingSet: 150_000_000,
      memoryLimit: 268_435_456,
      cpuSeconds: { user: 3, system: 2 },
    })
  })

  it('is none where it is the largest number of pages, or `max`', () => {
    const v1 = { 'proc/self/cgroup': '4:memory:/\n', 'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n', 'sys/fs/cgroup/memory/memory.usage_in_bytes': '5\n' } // biome-ignore format: one line
    const v2 = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': 'max\n', 'sys/fs/cgroup/memory.current': '5\n' } // biome-ignore format: one line
    for (const files of [v1, v2]) expect(cgroup(tree(files))).toMatchObject({ memoryUsage: 5, memoryLimit: undefined })
  })

  it('is unknown without a controller and without Linux', () => {
    expect(cgroup(tree({ 'proc/self/cgroup': '0::/\n' }))).toBeUndefined()
    expect(cgroup(tree({ other: '' }))).toBeUndefined()
  })
})

describe('the mounts', () => {
  it('of folders are found: the longest path, the last mount over it, names with spaces, each once', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-mounts-'))
    const table = path.join(folder, 'mounts')
    writeFileSync(
      table,
      [
        'overlay / overlay rw,relatime 0 0',
        `/dev/a ${folder} ext4 rw 0 0`,
        `/dev/b ${folder} xfs ro,noatime 0 0`,
        `/dev/c ${folder}/with\\040space ext4 rw 0 0`,
      ].join('\n'),
    )
    mkdirSync(path.join(folder, 'with space/deep'), { recursive: true })
    mkdirSync(path.join(folder, 'without'))
    const of = (...folders: string[]) => mountsOf(folders, table).map(({ device, mode }) => `${device} ${mode}`)
    expect(of('/', '/etc')).toEqual(['overlay rw'])
    expect(of(path.join(folder, 'without'), folder)).toEqual(['/dev/b ro'])
    expect(of(path.join(folder, 'with space/deep'))).toEqual(['/dev/c rw'])
    rmSync(folder, { recursive: true })
  })
})
