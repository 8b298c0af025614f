// Verifies an evidence pack of Missions for Salesforce. One file; needs nothing but node. Keys come from outside the pack.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const USAGE = `Usage: node verify.mjs --checkpoint-key checkpoint.pub.pem… --org-key org.public.pem… [--anchors anchors.csv] [folder]`
const FORMAT = 'missions-evidence-1'

class Wrong extends Error {}
const fail = (what) => {
  throw new Wrong(what)
}
const check = (isRight, what) => isRight || fail(what)

/** RFC 8785 text of the JSON in a pack. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

const hex = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
const hashOf = (value) => hex(canonical(value))
const isHash = (text) => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)

function readPack(folder) {
  const text = (name) => readFileSync(join(folder, name), 'utf8')
  const manifest = JSON.parse(text('manifest.json'))
  const names = readdirSync(folder).filter((name) => name !== 'manifest.json')
  for (const name of names) check(name in manifest, `${name} is not in the manifest`)
  for (const [name, sum] of Object.entries(manifest)) {
    check(names.includes(name), `${name} is missing`)
    check(hex(readFileSync(join(folder, name))) === sum, `${name} was changed`)
  }
  const json = (name) => JSON.parse(text(`${name}.json`))
  return {
    ...json('run'),
    ledger: json('ledger'),
    journal: json('journal'),
    checkpoints: json('checkpoints'),
    versions: json('change-sets'),
    tokens: json('tokens'),
  }
}

/** Recomputes the ledger; returns the last state of each row that is shown. */
function statesOf({ run, ledger }) {
  const states = new Map()
  let before = null
  ledger.forEach(({ n, at, states: some, chain }, index) => {
    check(n === index + 1, `ledger entry ${index + 1} is missing`)
    const commitments = some.map((state) => (typeof state === 'string' ? state : hashOf(state)))
    check(commitments.every(isHash), `ledger entry ${n} was changed`)
    check(hashOf([before, run, n, at, hashOf(commitments)]) === chain, `ledger entry ${n} was changed`)
    for (const state of some) if (typeof state !== 'string') states.set(state[0], state[1])
    before = chain
  })
  return states
}

/** Checkpoints from before keys had names have none. */
const checkpointHash = ({ key, ...about }) => hashOf({ ...about, ...(key !== null && { key }) })

/** Every signed head is a link of the ledger, and the last one is its end. */
function checkSignatures({ org, run, ledger, checkpoints }, keys) {
  check(checkpoints.length > 0, 'no checkpoint signs the run')
  for (const { checkpoint, signature, entries, path } of checkpoints) {
    const name = `checkpoint ${checkpoint.n}`
    const { orgId, n, at, previous, heads, root, key } = checkpoint
    check(orgId === org, `${name} is of another org`)
    const hash = checkpointHash({ orgId, n, at, previous, heads, root, key })
    const bytes = Buffer.from(signature, 'base64')
    check(bytes.toString('base64') === signature, `${name} is not signed with a key given`)
    const isSigned = keys.some((key) => verify(null, Buffer.from(hash, 'hex'), key, bytes))
    check(isSigned, `${name} is not signed with a key given`)
    const chain = ledger[entries - 1]?.chain ?? fail(`${name} signs an entry that is missing`)
    const leaf = hex(Buffer.of(0), canonical({ kind: 'ledger', runId: run, entries, chain }))
    const climb = (below, { side, hash: other }) => {
      check(isHash(other) && ['left', 'right'].includes(side), `${name}: the way to its root was changed`)
      const pair = side === 'left' ? [other, below] : [below, other]
      return hex(Buffer.of(1), ...pair.map((each) => Buffer.from(each, 'hex')))
    }
    check(path.reduce(climb, leaf) === root, `${name} does not contain this run`)
  }
  const last = Math.max(...checkpoints.map(({ entries }) => entries))
  check(last === ledger.length, 'the end of the ledger is not signed')
}

function checkJournal({ run, journal }, states) {
  let before = null
  journal.forEach(({ n, phase, key, requestHash, answerHash, chain, at }, index) => {
    check(n === index + 1, `journal entry ${index + 1} is missing`)
    const computed = hashOf([before, run, n, phase, key, requestHash, answerHash])
    const signed = states.get(`journal entry ${n}`)
    check(computed === chain && signed?.chain === chain && signed.at === at, `journal entry ${n} was changed`)
    before = chain
  })
  const entries = [...states.keys()].filter((row) => row.startsWith('journal entry '))
  check(entries.length === journal.length, 'the end of the journal is missing')
}

const commitmentOf = ({ path, salt, value, commitment }) => commitment ?? hashOf([salt, path, value])

function digestOf(leaves) {
  const pairs = leaves.map((leaf) => [leaf.path, commitmentOf(leaf)])
  check(
    pairs.every(([path, commitment]) => typeof path === 'string' && isHash(commitment)),
    'a leaf was changed',
  )
  return hashOf(['missions-change-set-v1', ...pairs.sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** The digest of every version, computed from its leaves. */
function digestsOf({ versions }, states, isErased) {
  const rows = new Map([...states].filter(([row]) => row.startsWith('change set of decision ')))
  for (const { decision, version, leaves } of versions) {
    const row = `change set of decision ${decision} v${version}`
    check(rows.get(row)?.digest === digestOf(leaves), `${row} was changed`)
  }
  const shown = new Set(versions.map(({ decision, version }) => `change set of decision ${decision} v${version}`))
  check(shown.size === versions.length, 'a change set is there twice')
  check(isErased || shown.size === rows.size, 'a change set is missing')
  return rows
}

/** Header and claims of a token that one of the keys signed. */
function claimsOf(token, keys) {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const isCanonical = [head, payload, signature].join('.') === token && bytes.toString('base64url') === signature
  const isSigned =
    isCanonical && keys.some((key) => verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), key, bytes))
  check(isSigned, 'an answer is not signed with a key of the org')
  const parsed = (text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  check(parsed(head).alg === 'RS256', 'an answer is not signed with RS256')
  return parsed(payload)
}

/** Every answer in the ledger has its token, and every token its answer. */
function checkAnswers({ org, tokens }, states, digests, isErased, keys) {
  const answers = [...states].filter(([row]) => row.startsWith('answer ')).map(([, is]) => is)
  const open = new Set(answers)
  for (const token of tokens) {
    const { iss, sub, aud, typ, decisionId, digest, verb } = claimsOf(token, keys)
    check(iss === org && aud === 'salesforce-mcp' && typ === 'decision', 'an answer is of another org')
    const answer = [...open].find((is) => {
      const version = digests.get(`change set of decision ${is.decisionId} v${is.version}`)
      return is.userId === sub && is.decisionId === decisionId && is.verb === verb && version?.digest === digest
    })
    check(answer, `the ${verb} of decision ${decisionId} by ${sub} is not in the ledger`)
    open.delete(answer)
  }
  const [missing] = open
  check(isErased || !missing, missing && `the token of the ${missing.verb} by ${missing.userId} is missing`)
  return answers
}

/** Tokens and cost are those of the run's last state; a pack from before they were in it shows none. */
function modelsOf({ models }, { tokens, costMicros, currency = null }) {
  if (!models) return []
  const micros = costMicros ?? 0
  const places = String(micros % 1_000_000).padStart(6, '0')
  const cost = `${Math.floor(micros / 1_000_000)}.${places.replace(/0{1,4}$/, '')}`
  const signed = costMicros === undefined ? null : cost
  const isSame = models.tokens === (tokens ?? 0) && models.currency === currency && models.cost === signed
  check(isSame, 'the cost of language models was changed')
  return [`language models: ${tokens} tokens${currency ? `, ${cost} ${currency}` : ''}`]
}

function anchorsIn(file) {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  return new Set(lines.map((line) => line.trim().replace(/^"(.*)"$/, '$1')).filter(isHash))
}

/** Says what the pack proves. Throws Wrong with what is wrong. */
export function proved(folder, { checkpointKeys, orgKeys, anchors }) {
  const pack = readPack(folder)
  check(pack.format === FORMAT, `this is no pack of the format ${FORMAT}`)
  const states = statesOf(pack)
  checkSignatures(pack, checkpointKeys)
  checkJournal(pack, states)
  const run = states.get('run') ?? fail('the run is not in its ledger')
  const isErased = Boolean(run.erasureId)
  const digests = digestsOf(pack, states, isErased)
  const answers = checkAnswers(pack, states, digests, isErased, orgKeys)
  const last = pack.checkpoints.at(-1).checkpoint
  const anchored = pack.checkpoints.filter(({ checkpoint }) => anchors?.has(checkpointHash(checkpoint)))
  return [
    `run ${pack.run}: ${run.status}, verdict ${run.verdict ?? 'none'}${isErased ? ', contents erased' : ''}`,
    `mission ${run.mission} v${run.missionVersion}, started ${run.startedAt}, last changed ${run.updatedAt}`,
    ...modelsOf(pack, run),
    ...answers.map(
      ({ verb, userId, decisionId, version, voided }) =>
        `${verb} of decision ${decisionId} v${version} by ${userId}${voided ? ' (voided later)' : ''}`,
    ),
    ...[...digests].map(([row, { digest }]) => `${row}: digest ${digest}`),
    `signed up to ${last.at} by checkpoint ${last.n}`,
    anchors === null
      ? 'Anchors of the org were not compared: name them by --anchors'
      : `${anchored.length} of ${pack.checkpoints.length} checkpoints are anchored in the org`,
    'Everything adds up',
  ]
}

function main() {
  const options = {
    'checkpoint-key': { type: 'string', multiple: true, default: [] },
    'org-key': { type: 'string', multiple: true, default: [] },
    anchors: { type: 'string' },
  }
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const keysIn = (files) => files.map((file) => createPublicKey(readFileSync(file)))
  const given = {
    checkpointKeys: keysIn(values['checkpoint-key']),
    orgKeys: keysIn(values['org-key']),
    anchors: values.anchors === undefined ? null : anchorsIn(values.anchors),
  }
  if (given.checkpointKeys.length === 0 || given.orgKeys.length === 0) return [2, [USAGE]]
  try {
    return [0, proved(positionals[0] ?? dirname(fileURLToPath(import.meta.url)), given)]
  } catch (error) {
    return [1, [`The pack does not hold: ${error instanceof Error ? error.message : 'it cannot be read'}`]]
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [code, lines] = main()
  for (const line of lines) console.log(line)
  process.exitCode = code
}
