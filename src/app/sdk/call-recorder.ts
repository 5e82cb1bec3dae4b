// The recorder of LLM calls, where AFN_RECORD names a folder: loaded with the first call.
import path from 'node:path'
import { workingDirectory } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import { loadChunk } from '../chunks'
import type { Recorder } from '../llm/record/recorder'

/** Undefined where nothing is recorded. */
export function callRecorder(
  { record, captureContent: content }: Settings,
  redactor: Redactor,
): (() => Recorder | undefined) | undefined {
  if (!record) return undefined
  const failed = (error: unknown) => report('AFN153', `a call was not recorded for replay (${reason(error)})`)
  if (content === 'off') {
    failed('AFN_RECORD needs AFN_CAPTURE_CONTENT=redacted')
    return undefined
  }
  // where the app started, wherever it goes
  const folder = path.resolve(workingDirectory(), record)
  let recorder: Recorder | undefined
  return () => {
    try {
      recorder ??= new (loadChunk('recorder').Recorder)({
        folder,
        content,
        redact: value => redactor.value('gen_ai.input.messages', value, true),
        onFailure: failed,
      })
    } catch (error) {
      failed(error)
    }
    return recorder
  }
}
