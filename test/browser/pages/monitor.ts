// The page of the monitor's suites: starts it with the options that the test left, and gives the test what an app has.
import { initializeMonitor, type MonitorOptions, monitor } from '../../../src/browser'

const test = globalThis as { monitorOptions?: MonitorOptions; monitor?: typeof monitor }
test.monitor = monitor
initializeMonitor(test.monitorOptions)
