// Machine, container and process as metrics, by the names of OpenTelemetry's conventions; load average and inodes, which have none
// there, by those of the Collector's hostmetrics receiver. All are read when metrics are collected, and never between.
import os from 'node:os'
import type { Attributes, BatchObservableResult, Meter, MetricOptions, Observable } from '@opentelemetry/api'
import {
  ATTR_CPU_MODE,
  ATTR_SYSTEM_DEVICE,
  ATTR_SYSTEM_FILESYSTEM_MODE,
  ATTR_SYSTEM_FILESYSTEM_MOUNTPOINT,
  ATTR_SYSTEM_FILESYSTEM_STATE,
  ATTR_SYSTEM_FILESYSTEM_TYPE,
  ATTR_SYSTEM_MEMORY_STATE,
  METRIC_CONTAINER_CPU_TIME,
  METRIC_CONTAINER_MEMORY_AVAILABLE,
  METRIC_CONTAINER_MEMORY_USAGE,
  METRIC_CONTAINER_MEMORY_WORKING_SET,
  METRIC_PROCESS_CPU_TIME,
  METRIC_PROCESS_CPU_UTILIZATION,
  METRIC_PROCESS_MEMORY_USAGE,
  METRIC_PROCESS_MEMORY_VIRTUAL,
  METRIC_PROCESS_THREAD_COUNT,
  METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT,
  METRIC_PROCESS_UPTIME,
  METRIC_SYSTEM_CPU_LOGICAL_COUNT,
  METRIC_SYSTEM_CPU_TIME,
  METRIC_SYSTEM_CPU_UTILIZATION,
  METRIC_SYSTEM_FILESYSTEM_LIMIT,
  METRIC_SYSTEM_FILESYSTEM_USAGE,
  METRIC_SYSTEM_FILESYSTEM_UTILIZATION,
  METRIC_SYSTEM_MEMORY_LIMIT,
  METRIC_SYSTEM_MEMORY_LINUX_AVAILABLE,
  METRIC_SYSTEM_MEMORY_USAGE,
  METRIC_SYSTEM_MEMORY_UTILIZATION,
  METRIC_SYSTEM_PROCESS_COUNT,
  METRIC_SYSTEM_UPTIME,
} from '@opentelemetry/semantic-conventions/incubating'
import {
  METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_1M,
  METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_5M,
  METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_15M,
  METRIC_OPTIONS_SYSTEM_FILESYSTEM_INODES_USAGE,
  METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M,
  METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M,
  METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M,
  METRIC_SYSTEM_FILESYSTEM_INODES_USAGE,
} from '../../../semconv'
import { cgroup } from './cgroup'
import { type Filesystem, Filesystems, mountsOf } from './filesystems'
import { cpuSeconds, memory, ownProcess, processCount, uptime } from './proc'

type Observe = (value: number | undefined, attributes?: Attributes) => void

/** @param folders that the process writes to */
export function measureSystem(meter: Meter, folders: readonly string[]): void {
  const observables: Observable[] = []
  let result: BatchObservableResult | undefined
  const make = (kind: 'Gauge' | 'Counter' | 'UpDownCounter') => {
    return (name: string, unit: string, description: string): Observe => {
      const options: MetricOptions = { unit, description }
      const observable = meter[`createObservable${kind}`](name, options)
      observables.push(observable)
      return (value, attributes) => {
        if (value !== undefined && Number.isFinite(value)) result?.observe(observable, value, attributes)
      }
    }
  }
  const [gauge, counter, upDown] = [make('Gauge'), make('Counter'), make('UpDownCounter')]

  const parts = [
    cpu(gauge, counter, upDown),
    memoryOf(gauge, upDown),
    load(gauge, upDown),
    container(counter, upDown),
    ownProcessOf(gauge, counter, upDown),
  ]
  const disks = new Filesystems(mountsOf(folders))
  const observeDisks = filesystems(gauge, upDown)
  meter.addBatchObservableCallback(async batch => {
    const found = await disks.read()
    // from here on at once: another reader may collect at the same time
    result = batch
    for (const part of parts) part()
    observeDisks(found)
  }, observables)
}

type Make = (name: string, unit: string, description: string) => Observe
type MetricCallback = () => void

function cpu(gauge: Make, counter: Make, upDown: Make): MetricCallback {
  const time = counter(
    METRIC_SYSTEM_CPU_TIME,
    's',
    'Seconds each logical CPU spent on each mode, of all CPUs together.',
  )
  const utilization = gauge(METRIC_SYSTEM_CPU_UTILIZATION, '1', 'Share of the time of all CPUs in each mode.')
  const count = upDown(METRIC_SYSTEM_CPU_LOGICAL_COUNT, '{cpu}', 'Logical CPUs of the machine.')
  let before = cpuSeconds()
  return () => {
    const now = cpuSeconds()
    const spent = Object.entries(now).map(([mode, seconds]) => [mode, seconds - (before[mode] ?? 0)] as const)
    const all = spent.reduce((sum, [, seconds]) => sum + seconds, 0)
    for (const [mode, seconds] of Object.entries(now)) time(seconds, { [ATTR_CPU_MODE]: mode })
    if (all > 0) {
      for (const [mode, seconds] of spent) utilization(Math.max(0, seconds / all), { [ATTR_CPU_MODE]: mode })
      before = now
    }
    count(os.cpus().length)
  }
}

function memoryOf(gauge: Make, upDown: Make): MetricCallback {
  const usage = upDown(
    METRIC_SYSTEM_MEMORY_USAGE,
    'By',
    'Memory of the machine by state; the states add up to its limit.',
  )
  const utilization = gauge(METRIC_SYSTEM_MEMORY_UTILIZATION, '1', 'The same as a share.')
  const limit = upDown(METRIC_SYSTEM_MEMORY_LIMIT, 'By', 'Memory of the machine.')
  const available = upDown(
    METRIC_SYSTEM_MEMORY_LINUX_AVAILABLE,
    'By',
    'What a new process could have without swapping.',
  )
  return () => {
    const { total, free, buffers, cached, available: left } = memory()
    const states = { used: total - free - (buffers ?? 0) - (cached ?? 0), free, buffers, cached }
    for (const [state, bytes] of Object.entries(states)) {
      if (bytes === undefined) continue
      usage(bytes, { [ATTR_SYSTEM_MEMORY_STATE]: state })
      utilization(bytes / total, { [ATTR_SYSTEM_MEMORY_STATE]: state })
    }
    limit(total)
    available(left)
  }
}

/** In the order of `os.loadavg()`. */
const loadAverages = [
  [METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M, METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_1M],
  [METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M, METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_5M],
  [METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M, METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_15M],
] as const

function load(gauge: Make, upDown: Make): MetricCallback {
  const averages = loadAverages.map(([name, { unit, description }]) => gauge(name, unit, description))
  const seconds = gauge(METRIC_SYSTEM_UPTIME, 's', 'Time since the machine was started.')
  const processes = upDown(METRIC_SYSTEM_PROCESS_COUNT, '{process}', 'Processes of the machine, or of the container.')
  return () => {
    const means = os.loadavg()
    for (const [at, average] of averages.entries()) average(means[at])
    seconds(uptime())
    processes(processCount())
  }
}

function container(counter: Make, upDown: Make): MetricCallback {
  const usage = upDown(METRIC_CONTAINER_MEMORY_USAGE, 'By', 'Memory of the container, with its page cache.')
  const workingSet = upDown(
    METRIC_CONTAINER_MEMORY_WORKING_SET,
    'By',
    'The same without the memory that the kernel takes back first.',
  )
  const available = upDown(METRIC_CONTAINER_MEMORY_AVAILABLE, 'By', 'What is left to the limit of the container.')
  const time = counter(METRIC_CONTAINER_CPU_TIME, 's', 'CPU time of the container.')
  return () => {
    const group = cgroup()
    // without a limit it is the machine, or a session of it
    if (group?.memoryLimit === undefined) return
    usage(group.memoryUsage)
    workingSet(group.workingSet)
    available(Math.max(0, group.memoryLimit - group.workingSet))
    for (const [mode, seconds] of Object.entries(group.cpuSeconds ?? {})) time(seconds, { [ATTR_CPU_MODE]: mode })
  }
}

function ownProcessOf(gauge: Make, counter: Make, upDown: Make): MetricCallback {
  const time = counter(METRIC_PROCESS_CPU_TIME, 's', 'CPU time of the process.')
  const utilization = gauge(METRIC_PROCESS_CPU_UTILIZATION, '1', 'Share of the time of all CPUs.')
  const resident = upDown(METRIC_PROCESS_MEMORY_USAGE, 'By', 'Physical memory of the process.')
  const virtual = upDown(METRIC_PROCESS_MEMORY_VIRTUAL, 'By', 'Virtual memory of the process.')
  const seconds = gauge(METRIC_PROCESS_UPTIME, 's', 'Time since the process was started.')
  const threads = upDown(METRIC_PROCESS_THREAD_COUNT, '{thread}', 'Threads of the process.')
  const descriptors = upDown(METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT, '{file_descriptor}', 'Files and sockets that are open.') // biome-ignore format: one line
  let before = { at: performance.now(), ...process.cpuUsage() }
  return () => {
    const now = { at: performance.now(), ...process.cpuUsage() }
    const available = (now.at - before.at) * 1_000 * os.cpus().length
    for (const mode of ['user', 'system'] as const) {
      time(now[mode] / 1e6, { [ATTR_CPU_MODE]: mode })
      if (available > 0) utilization((now[mode] - before[mode]) / available, { [ATTR_CPU_MODE]: mode })
    }
    before = now
    const own = ownProcess()
    resident(process.memoryUsage.rss())
    virtual(own.virtualBytes)
    seconds(process.uptime())
    threads(own.threads)
    descriptors(own.descriptors)
  }
}

function filesystems(gauge: Make, upDown: Make): (found: readonly Filesystem[]) => void {
  const usage = upDown(METRIC_SYSTEM_FILESYSTEM_USAGE, 'By', 'Space by state; `reserved` is for root alone.')
  const utilization = gauge(METRIC_SYSTEM_FILESYSTEM_UTILIZATION, '1', 'Used share of what others than root may use.')
  const limit = upDown(METRIC_SYSTEM_FILESYSTEM_LIMIT, 'By', 'Size of the file system.')
  const { unit, description } = METRIC_OPTIONS_SYSTEM_FILESYSTEM_INODES_USAGE
  const inodes = upDown(METRIC_SYSTEM_FILESYSTEM_INODES_USAGE, unit, description)
  return found => {
    for (const { device, mountpoint, type, mode, size, free, available, inodes: nodes } of found) {
      const attributes = {
        [ATTR_SYSTEM_DEVICE]: device,
        [ATTR_SYSTEM_FILESYSTEM_MOUNTPOINT]: mountpoint,
        [ATTR_SYSTEM_FILESYSTEM_TYPE]: type,
        [ATTR_SYSTEM_FILESYSTEM_MODE]: mode,
      }
      const of = (state: string) => ({ ...attributes, [ATTR_SYSTEM_FILESYSTEM_STATE]: state })
      usage(size - free, of('used'))
      usage(available, of('free'))
      usage(free - available, of('reserved'))
      utilization((size - free) / (size - free + available), attributes)
      limit(size, attributes)
      if (!nodes) continue
      inodes(nodes.total - nodes.free, of('used'))
      inodes(nodes.free, of('free'))
    }
  }
}
