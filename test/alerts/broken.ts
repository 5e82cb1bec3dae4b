// Files that people write, each with one mistake or several: what is wrong with it in its title. `expected` is what a user reads.
const CHANNELS = 'channels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\n'

export interface Broken {
  readonly title: string
  readonly text: string
  /** `line:column sentence` */
  readonly expected: readonly string[]
}

const one = (title: string, text: string, ...expected: string[]): Broken => ({ title, text, expected })
/** Behind the channel of Discord, which stands in the first two lines. */
const behind = (title: string, text: string, ...expected: string[]): Broken => one(title, CHANNELS + text, ...expected)
/** As its only channel. */
const channel = (title: string, text: string, ...expected: string[]): Broken =>
  one(title, `channels:\n  ops: ${text}\n`, ...expected)

export const broken: readonly Broken[] = [
  one('an empty file', '', '1:1 the file is empty'),
  one('a file of comments alone', '# alerts\n', '1:1 the file is empty'),
  one('a list', '- discord\n', '1:1 the file takes a map, not a list'),
  one('a text', 'discord\n', '1:1 the file takes a map, not "discord"'),
  one(
    'no channels',
    'environment: production\n',
    '1:1 the file has no "channels", which takes one channel at least, such as discord: {kind: discord, webhook_url_file: secrets/discord_webhook_url}',
  ),
  one(
    'channels without one',
    'channels: {}\n',
    '1:11 channels takes one channel at least, such as discord: {kind: discord, webhook_url_file: secrets/discord_webhook_url}',
  ),
  one(
    'channels that are a list',
    'channels:\n  - discord\n',
    '2:3 channels takes one channel at least, such as discord: {kind: discord, webhook_url_file: secrets/discord_webhook_url}, not a list',
  ),
  one(
    'a tab before a key',
    'channels:\n\tdiscord: {kind: discord, webhook_url_file: a}\n',
    '2:1 a tab stands here; YAML indents by spaces alone',
  ),
  one(
    'a bracket that is never closed',
    'channels:\n  discord: {kind: discord, webhook_url_file: a\nlanguage: ja\n',
    '3:1 a bracket is opened before here and never closed',
  ),
  behind('a quote that is never closed', 'environment: "prod\n', '4:1 a quote is opened before here and never closed'),
  one(
    'two documents',
    'channels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\n---\nchannels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\n',
    '3:1 a second document begins here; a file holds one, so remove the line ---',
  ),
  behind(
    'an alias without its anchor',
    'severities:\n  critical: *loud\n',
    '4:13 *loud refers to nothing; write &loud before the value that it stands for',
  ),
  one(
    'a bomb of aliases',
    'a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\nchannels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\n',
    '1:1 the file refers to itself more than 100 times; write the values out',
  ),
  one(
    'a mark of byte order and a wrong word',
    '\uFEFFchannels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\nlanguage: jp\n',
    '3:11 language takes en, ja, not "jp"; did you mean "ja"?',
  ),
  one(
    'lines that end as on Windows, and a wrong word',
    'channels:\r\n  discord: {kind: discord, webhook_url_file: secrets/discord}\r\nlanguage: jp\r\n',
    '3:11 language takes en, ja, not "jp"; did you mean "ja"?',
  ),
  one(
    'a comma of JSON too many',
    '{"channels": {"discord": {"kind": "discord", "webhook_url_file": "a"}},,}',
    '1:72 a comma too many; remove it',
  ),
  one(
    'JSON with a comment and a wrong word',
    '{\n  // who is notified\n  "channels": {"discord": {"kind": "discord", "webhook_url_file": "a"}},\n  "language": "de"\n}\n',
    '4:15 language takes en, ja, not "de"; did you mean "en"?',
  ),
  one(
    'a merge key',
    'base: &base {repeat: 5m}\nchannels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\nseverities:\n  critical: {<<: *base}\n',
    '1:1 the file does not know "base"; did you mean "rules"? Known are alertmanager, environment, language, time_zone, channels, severities, environments, routes, inhibition, business_hours, maintenance, rules, alerts, watchdog, receiver',
    "5:14 severities.critical can't take over a map with <<; write its values out",
  ),
  behind(
    'a key that is misspelled',
    'sevrities: {}\n',
    '3:1 the file does not know "sevrities"; did you mean "severities"? Known are alertmanager, environment, language, time_zone, channels, severities, environments, routes, inhibition, business_hours, maintenance, rules, alerts, watchdog, receiver',
  ),
  behind('a key that stands twice', 'language: en\nlanguage: ja\n', '4:1 this key stands twice; remove one of them'),
  behind(
    'a channel that stands twice',
    '  discord: {kind: discord, webhook_url_file: secrets/other}\n',
    '3:3 this key stands twice; remove one of them',
  ),
  behind(
    'a key in camel case',
    'timeZone: Asia/Tokyo\n',
    '3:1 the file does not know "timeZone"; did you mean "time_zone"? Known are alertmanager, environment, language, time_zone, channels, severities, environments, routes, inhibition, business_hours, maintenance, rules, alerts, watchdog, receiver',
  ),
  behind(
    'the name of a severity of another tool',
    'severities:\n  warning: {channels: [discord]}\n',
    '4:3 severities does not know "warning"; did you mean "high"? Known are critical, high, medium, low',
  ),
  behind(
    'the severity "urgent"',
    'rules:\n  - {name: Slow, expr: up == 0, severity: urgent}\n',
    '4:43 rules[0].severity takes critical, high, medium, low, not "urgent"; did you mean "high"?',
  ),
  behind(
    'a key of Alertmanager',
    'severities:\n  critical: {group_wait: 10s}\n',
    '4:26 severities.critical.group_wait may not stand here: it is called delay here',
  ),
  behind(
    'a duration with "min"',
    'severities:\n  critical: {delay: 5min}\n',
    '4:21 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "5min"',
  ),
  behind(
    'a duration without a unit',
    'severities:\n  critical: {delay: 10}\n',
    '4:21 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not 10',
  ),
  behind(
    'a duration with a space',
    'severities:\n  critical: {delay: 1 m}\n',
    '4:21 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "1 m"',
  ),
  behind(
    'a duration of nothing',
    'severities:\n  critical: {delay: 0s}\n',
    '4:21 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "0s"',
  ),
  behind(
    'a duration below nothing',
    'severities:\n  critical: {delay: -5m}\n',
    '4:21 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "-5m"',
  ),
  behind(
    'a duration with a fraction',
    'severities:\n  critical: {delay: 1.5h}\n',
    '4:21 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "1.5h"',
  ),
  behind(
    'units out of order',
    'severities:\n  critical: {respond_within: 30m1h}\n',
    '4:30 severities.critical.respond_within takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "30m1h"',
  ),
  behind(
    'a repeat that is no multiple of the interval',
    'severities:\n  critical: {group_interval: 2m, repeat: 5m}\n',
    '4:42 repeat (5m) is not a multiple of group_interval (2m): Alertmanager would repeat after 6m; write 4m or 6m',
  ),
  behind(
    'a repeat below the interval',
    'severities:\n  high: {repeat: 1m}\n',
    '4:18 repeat (1m) is shorter than group_interval (5m), which is how often Alertmanager checks; write 5m or a multiple of it',
  ),
  behind(
    'a repeat that Alertmanager forgets',
    'severities:\n  low: {repeat: 7d}\n',
    "4:17 Alertmanager remembers sent notifications for 5d only, so repeat can't be 7d",
  ),
  behind(
    'a delay as long as the response may take',
    'severities:\n  critical: {delay: 5m}\n',
    '4:21 the first notification comes after 5m, and the response is due within 5m; write a shorter delay',
  ),
  behind(
    'a severity that is slower than the one below',
    'severities:\n  critical: {respond_within: 2h}\n',
    '4:30 high requires a faster response (15m) than critical (2h), which is more urgent',
  ),
  behind(
    'steps of an escalation out of order',
    'severities:\n  critical:\n    escalation:\n      - {after: 10m, channels: [discord]}\n      - {after: 5m, channels: [discord]}\n',
    '7:17 each step must come later than the previous one: after more than 10m, not 5m',
  ),
  behind(
    'an escalation before the first notification',
    'severities:\n  medium:\n    escalation: [{after: 1m, channels: [discord]}]\n',
    '5:26 this step comes 1m after an alert begins, before anybody was notified: delay is 2m',
  ),
  behind(
    'business hours of a higher severity alone',
    'severities:\n  high: {business_hours: true}\n',
    '4:26 at night, an alert of high would wait but still mute the medium alert with the same cause; set business_hours for medium too, or inhibition: false',
  ),
  behind('yes where true is meant', 'inhibition: yes\n', '3:13 inhibition takes true or false, not "yes"'),
  behind(
    'a channel that is not there',
    'severities:\n  critical: {channels: [discrod]}\n',
    '4:25 unknown channel "discrod"; did you mean "discord"? Known channels: discord',
  ),
  behind(
    'a channel that is not there, in an escalation',
    'severities:\n  critical:\n    escalation:\n      - {after: 5m, channels: [phone]}\n',
    '6:32 unknown channel "phone"; did you mean "discord"? Known channels: discord',
  ),
  behind(
    'a channel that is not there, of a team',
    'routes:\n  - {match: {team: pay}, channels: [slack]}\n',
    '4:37 unknown channel "slack"; did you mean "discord"? Known channels: discord',
  ),
  behind(
    'a route by severity',
    'routes:\n  - {match: {severity: high}, channels: [discord]}\n',
    '4:24 set the channels of each severity under severities',
  ),
  behind(
    'a channel that is not there, of an environment',
    'environments:\n  staging: [slack]\n',
    '4:13 unknown channel "slack"; did you mean "discord"? Known channels: discord',
  ),
  behind(
    'a severity without channels',
    'severities:\n  critical: {channels: []}\n',
    '4:24 severities.critical.channels takes a list of channels without repetition, such as [discord, email], not an empty list',
  ),
  behind(
    'a channel that is named twice',
    'severities:\n  critical: {channels: [discord, discord]}\n',
    '4:24 severities.critical.channels takes a list of channels without repetition, such as [discord, email], not a list in which an item stands twice',
  ),
  behind(
    'the channel as a text',
    'severities:\n  critical: {channels: discord}\n',
    '4:24 severities.critical.channels takes a list of channels without repetition, such as [discord, email], not "discord"',
  ),
  behind(
    'its own environment among the others',
    'environment: staging\nenvironments:\n  staging: []\n',
    '5:12 staging is the environment of this file, so its alerts are routed by severities; remove it here, or fix environment',
  ),
  channel(
    'a kind that is not known',
    '{kind: slack, url_file: a}',
    '2:15 channels.ops.kind takes discord, email, webhook, jira, tickets, not "slack"; did you mean "email"?',
  ),
  channel(
    'no kind',
    '{webhook_url_file: a}',
    '2:8 channels.ops has no "kind", which takes discord, email, webhook, jira, tickets',
  ),
  channel(
    'a channel that is a text',
    'secrets/discord',
    '2:8 channels.ops takes a map with its kind, such as {kind: discord, webhook_url_file: secrets/discord_webhook_url}, not "secrets/discord"',
  ),
  channel(
    'a key of another kind',
    '{kind: discord, webhook_url_file: a, to: [a@example.com]}',
    '2:45 channels.ops does not know "to"; did you mean "kind"? Known are kind, webhook_url_file, through',
  ),
  channel(
    'no file',
    '{kind: discord}',
    '2:8 channels.ops has no "webhook_url_file", which takes the path of a file that holds the secret, relative to this file, such as secrets/discord_webhook_url',
  ),
  one(
    'the name of a channel with a space',
    'channels:\n  "On Call": {kind: discord, webhook_url_file: a}\n',
    '2:3 channels can\'t have the key "On Call"; a key is a name of small letters, digits, - and _, such as on-call',
  ),
  channel(
    'an address that is none',
    '{kind: email, to: [oncall], from: a@example.com, smarthost: "smtp.example.com:587"}',
    '2:27 channels.ops.to[0] takes one address of e-mail, such as oncall@example.com, not "oncall"',
  ),
  channel(
    'one address as a text',
    '{kind: email, to: a@example.com, from: a@example.com, smarthost: "smtp.example.com:587"}',
    '2:26 channels.ops.to takes a list of addresses, such as [oncall@example.com], not "a@example.com"',
  ),
  channel(
    'a mail server without a port',
    '{kind: email, to: [a@example.com], from: a@example.com, smarthost: smtp.example.com}',
    '2:75 channels.ops.smarthost takes host and port of the mail server, such as smtp.example.com:587, not "smtp.example.com"',
  ),
  channel(
    'a port that there is not',
    '{kind: email, to: [a@example.com], from: a@example.com, smarthost: "smtp.example.com:70000"}',
    '2:75 the port must be a number from 1 to 65535, not 70000',
  ),
  channel(
    'a user name without its password',
    '{kind: email, to: [a@example.com], from: a@example.com, smarthost: "smtp.example.com:587", username: me}',
    '2:109 username needs a password: set password_file',
  ),
  channel(
    'a password without its user name',
    '{kind: email, to: [a@example.com], from: a@example.com, smarthost: "smtp.example.com:587", password_file: a}',
    '2:114 password_file needs a username',
  ),
  channel(
    'a webhook without a URL',
    '{kind: webhook, token_file: a}',
    '2:8 channels.ops takes either url_file, or url where it is no secret',
  ),
  channel(
    'a webhook with two',
    '{kind: webhook, url: "https://example.com/a", url_file: a}',
    '2:8 channels.ops takes either url_file, or url where it is no secret',
  ),
  channel(
    'a URL of another scheme',
    '{kind: webhook, url: "ftp://example.com/a"}',
    '2:29 channels.ops.url takes an http(s) URL without user name and password, not what stands there',
  ),
  channel(
    'the key of a project in small letters',
    '{kind: jira, api_url: "https://example.atlassian.net/rest/api/2/", project: ops, token_file: a}',
    '2:84 channels.ops.project takes the key of a project, such as OPS, not "ops"',
  ),
  channel(
    'a repository without its owner',
    '{kind: tickets, repository: operations, token_file: a}',
    '2:36 channels.ops.repository takes owner and name of a repository on GitHub, such as example/operations, not "operations"',
  ),
  channel(
    'a limit of nothing',
    '{kind: tickets, repository: a/b, token_file: a, limit_per_hour: 0}',
    '2:72 channels.ops.limit_per_hour takes a whole number, 1 or more and 500 or less, not 0',
  ),
  channel(
    'the URL of Discord in clear',
    '{kind: discord, webhook_url: "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-abcd"}',
    '2:8 channels.ops has no "webhook_url_file", which takes the path of a file that holds the secret, relative to this file, such as secrets/discord_webhook_url',
    '2:37 channels.ops.webhook_url may not stand here: whoever has the URL can post; write it into a file, and name that with webhook_url_file',
  ),
  channel(
    'the URL of Discord where its file belongs',
    '{kind: discord, webhook_url_file: "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-abcd"}',
    '2:42 channels.ops.webhook_url_file takes the path of a file that holds the secret, relative to this file, such as secrets/discord_webhook_url, not what stands there',
  ),
  channel(
    'a shortened URL of Discord',
    '{kind: webhook, url: "https://discordapp.com/api/webhooks/1/x"}',
    '2:29 this URL contains a key; write it to a file, and set url_file',
  ),
  channel(
    'a password in clear',
    '{kind: email, to: [a@example.com], from: a@example.com, smarthost: "smtp.example.com:587", username: me, password: hunter2}',
    '2:109 username needs a password: set password_file',
    '2:123 channels.ops.password may not stand here: it is a secret; write it into a file, and name that with password_file',
  ),
  channel(
    'a token in clear',
    '{kind: tickets, repository: a/b, token: ghp_abcdefghijklmnopqrstuvwxyz0123456789}',
    '2:8 channels.ops has no "token_file", which takes the path of a file that holds the secret, relative to this file, such as secrets/discord_webhook_url',
    '2:48 channels.ops.token may not stand here: it is a secret; write it into a file, and name that with token_file',
  ),
  channel(
    'a token where its file belongs',
    '{kind: tickets, repository: a/b, token_file: ghp_abcdefghijklmnopqrstuvwxyz0123456789}',
    '2:53 a secret is here in clear text; revoke it, write a new one to a file outside of git, and set token_file to that file',
  ),
  channel(
    'a user name and password in a URL',
    '{kind: webhook, url: "https://me:hunter2@example.com/hook"}',
    '2:29 channels.ops.url takes an http(s) URL without user name and password, not what stands there',
  ),
  channel(
    'a key in the query of a URL',
    '{kind: webhook, url: "https://example.com/hook?token=abc"}',
    '2:29 this URL contains a key; write it to a file, and set url_file',
  ),
  channel(
    'a URL that nobody can guess',
    '{kind: webhook, url: "https://hc.example.com/5c0e2b9a-1234-4c1a-9d3e-0123456789ab"}',
    '2:29 this URL contains a key; write it to a file, and set url_file',
  ),
  behind(
    'the URL of Discord in a comment',
    '# old: https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-abcd\n',
    '3:16 the URL of a webhook is here in clear text; revoke it, write a new one to a file outside of git, and set webhook_url_file to that file',
  ),
  behind(
    'a version that is none of ours',
    'alertmanager: "0.27"\n',
    '3:15 alertmanager takes the oldest version of Alertmanager that has to read the configuration, in quotes: "0.25", "0.28" or "0.35", not "0.27"; did you mean "0.25"?',
  ),
  behind(
    'a version without quotes',
    'alertmanager: 0.35\n',
    '3:15 alertmanager takes the oldest version of Alertmanager that has to read the configuration, in quotes: "0.25", "0.28" or "0.35", not 0.35',
  ),
  one(
    'Jira on a version that has none',
    'alertmanager: "0.25"\nchannels:\n  jira: {kind: jira, api_url: "https://example.atlassian.net/rest/api/2/", project: OPS, token_file: a}\n',
    '3:16 Alertmanager supports Jira since 0.28; write alertmanager: "0.28", or use a channel of kind tickets or webhook',
  ),
  one(
    'Discord by file on a version that has none, without the receiver',
    'alertmanager: "0.25"\nreceiver: false\nchannels:\n  discord: {kind: discord, webhook_url_file: secrets/discord}\n',
    '4:19 Alertmanager reads the URL of Discord from a file since 0.28; write alertmanager: "0.28", or remove receiver: false, so that the receiver posts it',
  ),
  one(
    'a webhook by file on a version that has none',
    'alertmanager: "0.25"\nchannels:\n  hook: {kind: webhook, url_file: a}\n',
    '3:35 Alertmanager reads the URL of a webhook from a file since 0.26; write alertmanager: "0.28", or a url without a secret, with a token_file',
  ),
  one(
    'tickets without the receiver',
    'receiver: false\nchannels:\n  tickets: {kind: tickets, repository: a/b, token_file: a}\n',
    '3:19 tickets are created by the receiver, but the file sets receiver: false',
  ),
  behind(
    'an abbreviation of a time zone',
    'time_zone: JST\n',
    '3:12 "JST" is no name of the IANA time zone database; write one such as Asia/Tokyo, not an abbreviation or an offset',
  ),
  behind(
    'an offset',
    'time_zone: "+09:00"\n',
    '3:12 "+09:00" is no name of the IANA time zone database; write one such as Asia/Tokyo, not an abbreviation or an offset',
  ),
  behind(
    'a time zone in small letters',
    'business_hours: {from: "09:00", to: "18:00", time_zone: asia/tokyo}\n',
    '3:57 write the time zone as "Asia/Tokyo", not "asia/tokyo"',
  ),
  behind(
    'a time of one digit',
    'business_hours: {from: "9:00", to: "18:00"}\n',
    '3:24 business_hours.from takes a time of the day with two digits each, such as "09:00", not "9:00"',
  ),
  behind(
    'a day that is shortened',
    'business_hours: {days: [mon], from: "09:00", to: "18:00"}\n',
    '3:25 business_hours.days[0] takes monday, tuesday, wednesday, thursday, friday, saturday, sunday, not "mon"; did you mean "monday"?',
  ),
  behind(
    'business hours of no length',
    'business_hours: {from: "09:00", to: "09:00"}\n',
    '3:37 from and to are both 09:00; the whole day is from "00:00" to "24:00"',
  ),
  behind(
    'a maintenance that ends before it begins',
    'maintenance:\n  - {name: a, from: 2026-12-01 22:00, to: 2026-11-30 22:00}\n',
    '4:43 2026-11-30 22:00 is not after 2026-12-01 22:00',
  ),
  behind(
    'a maintenance of a year',
    'maintenance:\n  - {name: a, from: 2026-12-01 22:00, to: 2027-12-01 23:00}\n',
    '4:43 nobody would be notified for 366 days; at most 31 are allowed. Check the date',
  ),
  behind(
    'a day that there is not',
    'maintenance:\n  - {name: a, from: 2027-02-29 22:00, to: 2027-03-01 22:00}\n',
    '4:21 no such date: 2027-02-29',
  ),
  behind(
    'a date and a time',
    'maintenance:\n  - {name: a, from: 2026-12-01 22:00, to: "23:00"}\n',
    '4:43 from and to must both be dates with a time, or both times of day for a recurring window',
  ),
  behind(
    'dates and days',
    'maintenance:\n  - {name: a, from: 2026-12-01 22:00, to: 2026-12-01 23:00, days: [monday]}\n',
    '4:67 days apply only to a weekly window; remove them, or the dates in from and to',
  ),
  behind(
    'seconds and a zone in a date',
    'maintenance:\n  - {name: a, from: 2026-12-01T22:00:00Z, to: 2026-12-01 23:00}\n',
    '4:21 maintenance[0].from takes a minute such as 2026-12-01 22:00, or with days a time such as "22:00"; the zone stands in time_zone, not "2026-12-01T22:00:00Z"',
  ),
  behind(
    'two maintenances of one name',
    'maintenance:\n  - {name: a, from: "01:00", to: "02:00"}\n  - {name: a, from: "03:00", to: "04:00"}\n',
    '5:12 "a" appears twice; names must be unique',
  ),
  behind(
    'an expression with a bracket too few',
    'rules:\n  - {name: Slow, expr: "sum(rate(x[5m])", severity: high}\n',
    '4:24 invalid PromQL: 1:16: something is missing (line:column in the expression)',
  ),
  behind(
    'an expression with a word too many',
    'rules:\n  - name: Slow\n    expr: up == 0 for 5m\n    severity: high\n',
    '5:11 invalid PromQL: 1:9: "for" is not expected (line:column in the expression)',
  ),
  behind(
    'two rules of one name',
    'rules:\n  - {name: Slow, expr: up == 0, severity: high}\n  - {name: Slow, expr: up == 1, severity: low}\n',
    '5:12 "Slow" appears twice; names must be unique',
  ),
  behind(
    'a name with a space',
    'rules:\n  - {name: Very slow, expr: up == 0, severity: high}\n',
    '4:12 rules[0].name takes a name of letters and digits, such as CheckoutSlow, not "Very slow"',
  ),
  behind(
    'a rule of the name Watchdog',
    'rules:\n  - {name: Watchdog, expr: up == 0, severity: high}\n',
    '4:12 Watchdog is reserved for the alert that always fires; choose another name',
  ),
  behind(
    'a severity among the labels',
    'rules:\n  - {name: Slow, expr: up == 0, severity: high, labels: {severity: page}}\n',
    '4:68 rules[0].labels.severity may not stand here: write it next to labels, as severity',
  ),
  behind(
    'a number among the labels',
    'rules:\n  - {name: Slow, expr: up == 0, severity: high, labels: {team: 5}}\n',
    '4:64 rules[0].labels.team takes a text, not 5',
  ),
  behind(
    'a rule without an expression',
    'rules:\n  - {name: Slow, severity: high}\n',
    '4:5 rules[0] has no "expr", which takes a text that is not empty, such as "up == 0"',
  ),
  behind(
    'one heartbeat alone',
    'watchdog:\n  heartbeats: [{name: a, url_file: secrets/a}]\n',
    '4:15 watchdog.heartbeats takes two to four watchers that fail independently of each other, each with name and url_file, not a list of 1',
  ),
  behind(
    'the same heartbeat twice',
    'watchdog:\n  heartbeats: [{name: a, url_file: secrets/a}, {name: b, url_file: secrets/a}]\n',
    '4:68 both watchers are the same and would fail together; choose one that runs elsewhere',
  ),
  behind(
    'a heartbeat without a URL',
    'watchdog:\n  heartbeats: [{name: a}, {name: b, url_file: b}]\n',
    '4:16 watchdog.heartbeats[0] takes a name with either url_file, or url where it is no secret',
  ),
  behind(
    'receiver: true',
    'receiver: true\n',
    '3:11 receiver takes where afn-otel alerts serve listens, such as {url: http://localhost:9095}, or false where it does not run, not true',
  ),
  behind(
    'the address for people, which moved',
    'receiver: {public_url: "https://alerts.example.com"}\n',
    '3:24 receiver.public_url may not stand here: where people reach it is pipeline.urls.receiver of afn-otel.config.yaml, the one place for all links',
  ),
  behind(
    'limits that are none',
    'alerts:\n  AfnDiskFilling: 14d\n  AfnCertificateExpiring: 90%\n  AfnTempoCompactionFailing: 1.5\n  AfnDiskFul: 90%\n  AfnTempoDown: 5\n  AfnDiskFull: 140%\n  Watchdog: off\n',
    '4:19 AfnDiskFilling takes a share in percent of a disk, such as 90%, or off',
    '5:27 AfnCertificateExpiring takes a time until a certificate ends, such as 14d, or off',
    '6:30 AfnTempoCompactionFailing takes a number of failed compactions in an hour, such as 2, or off',
    '7:15 the pipeline has no alert "AfnDiskFul"; did you mean "AfnDiskFull"?',
    '8:17 AfnTempoDown has no limit; it takes only off',
    '9:16 AfnDiskFull takes a share in percent of a disk, such as 97%, or off',
    '10:13 the pipeline has no alert "Watchdog"; did you mean "AfnTempoDown"?',
  ),
  behind(
    'a receiver without a scheme',
    'receiver: {url: "localhost:9095"}\n',
    '3:17 receiver.url takes an http(s) URL without user name and password, not what stands there',
  ),
  behind(
    'a time zone that is misspelled',
    'time_zone: Asia/Tokio\n',
    '3:12 "Asia/Tokio" is no name of the IANA time zone database; did you mean "Asia/Tokyo"?',
  ),
  behind(
    'a template of Helm',
    'environment: {{ .Values.environment }}\n',
    '3:15 a key is a text, and here stands a map or a list; put a text that begins with { or [ in quotes',
  ),
  behind(
    'an expression that is empty',
    'rules:\n  - {name: Slow, expr: "", severity: high}\n',
    '4:24 rules[0].expr takes a text that is not empty, such as "up == 0", not ""',
  ),
  behind(
    'a duration of a rule without a unit',
    'rules:\n  - {name: Slow, expr: up == 0, severity: high, for: 5}\n',
    '4:54 rules[0].for takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not 5',
  ),
  channel(
    'a variable in place of a path',
    '{kind: discord, webhook_url_file: "{{ env.DISCORD_FILE }}"}',
    '2:42 channels.ops.webhook_url_file takes the path of a file that holds the secret, relative to this file, such as secrets/discord_webhook_url, not what stands there',
  ),
  channel(
    'a variable in place of a password',
    '{kind: email, to: [a@example.com], from: a@example.com, smarthost: "smtp.example.com:587", username: me, password: "{{ env.SMTP_PASSWORD }}"}',
    '2:109 username needs a password: set password_file',
    '2:123 channels.ops.password may not stand here: it is a secret; write it into a file, and name that with password_file',
  ),
  channel(
    'two addresses in one text',
    '{kind: email, to: ["a@example.com, b@example.com"], from: a@example.com, smarthost: "smtp.example.com:587"}',
    '2:27 channels.ops.to[0] takes one address of e-mail, such as oncall@example.com, not "a@example.com, b@example.com"',
  ),
  channel(
    'a name beside the address',
    '{kind: email, to: [a@example.com], from: "Alerts <a@example.com>", smarthost: "smtp.example.com:587"}',
    '2:49 channels.ops.from takes one address of e-mail, such as oncall@example.com, not "Alerts <a@example.com>"',
  ),
  behind('a severity as a list', 'severities:\n  - critical\n', '4:3 severities takes a map, not a list'),
  behind(
    'a token of Slack in a text of a rule',
    'rules:\n  - {name: Slow, expr: up == 0, severity: high, annotations: {runbook_url: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"}}\n',
    '4:85 the URL of a webhook is here in clear text; revoke it, write a new one to a file outside of git, and set webhook_url_file to that file',
  ),
  one(
    'a key without a colon',
    'channels\n  discord: {kind: discord, webhook_url_file: a}\n',
    '1:1 a key without ": " behind it, or a text that goes on in the next line; write "key: value", each in its line',
  ),
  behind(
    'a summary with a colon',
    'rules:\n  - name: Slow\n    expr: up == 0\n    severity: high\n    annotations:\n      summary: Checkout: slow\n',
    '8:16 a second ": " stands in this value; put a text that holds one in quotes, and indent a key as the keys above it',
  ),
  behind(
    'an expression in double quotes with a backslash',
    'rules:\n  - {name: Slow, expr: "rate(x{a=~\\"\\d+\\"}[5m]) > 1", severity: high}\n',
    '4:37 in double quotes a backslash begins an escape; write it twice, or put the text in single quotes',
  ),
  behind(
    'an expression that begins with a quote and goes on',
    'rules:\n  - name: Slow\n    expr: "up" == 0\n    severity: high\n',
    '5:16 something follows the end of a value; put all of the value in quotes',
  ),
  behind(
    'a key that is indented too far',
    'severities:\n  critical:\n    delay: 10s\n     repeat: 5m\n',
    '5:12 a second ": " stands in this value; put a text that holds one in quotes, and indent a key as the keys above it',
  ),
  behind(
    'a key that is indented too little',
    'rules:\n  - name: Slow\n   expr: up == 0\n    severity: high\n',
    '5:1 an item of a list begins with "- ", and what belongs to the item above is indented further',
    '5:10 a second ": " stands in this value; put a text that holds one in quotes, and indent a key as the keys above it',
  ),
  behind(
    'a list whose items are not below each other',
    'severities:\n  critical:\n    channels:\n      - discord\n     - discord\n',
    '7:1 a list stands where a key belongs; indent it as the items above it, or write "key:" in the line above',
    '7:6 a key without ": " behind it, or a text that goes on in the next line; write "key: value", each in its line',
  ),
  behind(
    'a mention that begins with @',
    'rules:\n  - {name: Slow, expr: up == 0, severity: high, annotations: {summary: @oncall look}}\n',
    '4:72 a text that begins with this character stands in quotes',
  ),
  behind(
    'a percent sign at the beginning',
    'rules:\n  - name: Slow\n    expr: up == 0\n    severity: high\n    annotations:\n      summary: %5 of all\n',
    '8:16 a text that begins with this character stands in quotes',
  ),
  behind(
    'two commas',
    'severities:\n  critical: {channels: [discord,, discord]}\n',
    '4:33 a comma too many; remove it',
  ),
  behind(
    'no comma',
    'severities:\n  critical: {channels: [discord] repeat: 5m}\n',
    '4:34 something follows the end of a value; put all of the value in quotes',
    '4:40 a comma is missing between two items',
  ),
  behind(
    'no space behind a colon',
    'severities:\n  critical: {repeat:5m}\n',
    '4:14 severities.critical does not know "repeat:5m"; did you mean "repeat"? Known are respond_within, delay, group_interval, repeat, channels, business_hours, escalation',
  ),
  behind(
    'a tag',
    'environment: !production\n',
    '3:14 a text that begins with ! stands in quotes',
    '3:25 environment takes letters, digits, dots and dashes, such as production, not ""',
  ),
  behind(
    'a text beside a bar',
    'rules:\n  - name: Slow\n    expr: | up == 0\n    severity: high\n',
    '5:13 this belongs nowhere here; behind | or > the text stands in the lines below',
  ),
  behind(
    'six mistakes',
    'langauge: ja\nenvironment: my prod\nseverities:\n  critical: {channels: [phone], delay: 5min}\nrules:\n  - {name: Slow, expr: "up ==", severity: urgent}\n',
    '3:1 the file does not know "langauge"; did you mean "language"? Known are alertmanager, environment, language, time_zone, channels, severities, environments, routes, inhibition, business_hours, maintenance, rules, alerts, watchdog, receiver',
    '4:14 environment takes letters, digits, dots and dashes, such as production, not "my prod"',
    '6:25 unknown channel "phone"; did you mean "discord"? Known channels: discord',
    '6:40 severities.critical.delay takes a duration of days, hours, minutes and seconds, such as 30s, 5m or 1h30m, not "5min"',
    '8:24 invalid PromQL: 1:6: something is missing (line:column in the expression)',
    '8:43 rules[0].severity takes critical, high, medium, low, not "urgent"; did you mean "high"?',
  ),
]
