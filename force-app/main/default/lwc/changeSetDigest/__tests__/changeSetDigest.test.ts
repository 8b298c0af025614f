import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { digestOf } from 'c/changeSetDigest'
import { closed, open } from '../../../../../test/fixtures'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

test('the digest is that of the ordered commitments, each over salt, path and value', async () => {
  const salt = 'c2FsdHNhbHRzYWx0c2FsdHM'
  const first = sha256(`["${salt}","/a","x\\n\\"é"]`)
  const expected = sha256(`["missions-change-set-v1",["/a","${first}"],["/b","${'ab'.repeat(32)}"]]`)
  expect(await digestOf([closed('/b'), open('/a', 'x\n"é')])).toBe(expected)
})

test('withholding a value does not change the digest', async () => {
  const leaves = [open('/a', 'secret'), open('/b', null), open('/c', 12), open('/d', true)]
  const commitment = sha256('["c2FsdHNhbHRzYWx0c2FsdHM","/a","secret"]')
  expect(await digestOf([{ path: '/a', commitment }, ...leaves.slice(1)])).toBe(await digestOf(leaves))
})

test('every value changes the digest', async () => {
  const digests = await Promise.all(['x', '', null, true, 0].map((value) => digestOf([open('/a', value)])))
  expect(new Set(digests).size).toBe(5)
})

test.each([[1.5], ['\ud800']])('a value without a canonical text is refused: %p', async (value) => {
  await expect(digestOf([open('/a', value)])).rejects.toThrow(TypeError)
})
