/** Masks the subject in an OTLP message in JSON form. */
import { type KeyValue, plainValue } from '../../shared/otlp/any-value'
import type { Matcher } from './person-attributes'
import { leavesOf, textMembers } from './records'

export function maskedOtlp<T>(matcher: Matcher, message: T, member = ''): T {
  if (typeof message === 'string') return (textMembers.has(member) ? matcher.masked(message) : message) as T
  if (Array.isArray(message)) return message.map(one => maskedOtlp(matcher, one)) as T
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return message
  return Object.fromEntries(
    Object.entries(message).map(([member, value]) => [
      member,
      member === 'attributes' ? attributesWithout(matcher, value as KeyValue[]) : maskedOtlp(matcher, value, member),
    ]),
  ) as T
}

/** Drops attributes that identify the subject. */
const attributesWithout = (matcher: Matcher, attributes: readonly KeyValue[]): KeyValue[] =>
  attributes
    .filter(
      ({ key, value }) => ![...leavesOf(plainValue(value), key)].some(([of, one]) => matcher.exact(of, String(one))),
    )
    .map(one => maskedOtlp(matcher, one))
