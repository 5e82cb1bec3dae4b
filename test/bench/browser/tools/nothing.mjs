// The page alone, which the others are compared with.
globalThis.tool = { event() {}, error() {}, async flush() {} }
