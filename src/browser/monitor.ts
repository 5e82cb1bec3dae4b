/** `monitor`: what an app records about itself, in one object. It may be called before the start, and on a server, where it does nothing. */
import { captureError, recordCustomEvent } from './capture'
import { flush } from './delivery'
import { startSpan, withSpan } from './span'
import { setConsent, setUserId } from './start'

export const monitor = { setUserId, recordCustomEvent, captureError, startSpan, withSpan, setConsent, flush } as const
