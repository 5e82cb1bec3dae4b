// A page that chose the least.
import { errors, monitor, startMonitor } from '../../../src/browser/core'

Object.assign(globalThis, { monitor })
startMonitor({}, [errors])
