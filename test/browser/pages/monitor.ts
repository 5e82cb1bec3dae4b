// The page of the monitor's suites: starts it with the options that the test left, and gives the test what an app has.
import { initializeMonitor, type MonitorOptions, monitor, recordFeedback } from '../../../src/browser'

const test = globalThis as {
  monitorOptions?: MonitorOptions
  monitorUser?: string
  monitor?: typeof monitor
  recordFeedback?: typeof recordFeedback
}
Object.assign(test, { monitor, recordFeedback })
monitor.setUserId(test.monitorUser)
initializeMonitor(test.monitorOptions)
