import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rowsOf } from '../../scripts/match/csv-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'match-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function run(...args: string[]): { out: string[]; error: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/match.ts', ...args], { encoding: 'utf8' })
  return { out: stdout.split('\n').filter((line) => line !== ''), error: stderr, status }
}

describe('npm run match', () => {
  it('scores pairs of a file with a mark, quotes, blank lines, short rows and any line ends', () => {
    const { out, status } = run(
      '--pairs',
      file(
        'pairs.csv',
        '\uFEFFname1,name2,note\r\n"Brakel, Inc.",BRAKEL,"a ""b"""\r\n\r\nVelmont\r\nVelmont,Oster,,more\r\n',
      ),
    )
    expect(status).toBe(0)
    expect(out[0]).toBe('name1,name2,note,score')
    expect(out[1]).toMatch(/^"Brakel, Inc\.",BRAKEL,"a ""b""",0\.9/)
    expect(out[2]).toBe('Velmont,,,0.0000')
    expect(Number(out[3]?.split(',').at(-1))).toBeLessThan(0.1)
  })

  it('scores names of persons', () => {
    const pairs = file('people.csv', 'name1;name2\nBob Velmont;"Velmont, Robert"\nBob Velmont;Rob Oster\n')
    const scores = run('--pairs', pairs, '--people')
      .out.slice(1)
      .map((line) => Number(line.split(',').at(-1)))
    expect(scores[0]).toBeGreaterThan(0.5)
    expect(scores[1]).toBeLessThan(0.1)
  })

  it('finds persons by the columns that it understands, and names those that it does not', () => {
    const records = file(
      'contacts.csv',
      'First Name,Last Name,E-mail,Company,Shoe\nBob,Velmont,bob@brakel.com,Brakel,44\nRobert,Velmont,bob@brakel.com,Brakel Inc.,44\nJane,Velmont,info@brakel.com,Brakel,38\n',
    )
    const { out, error } = run('--records', records)
    expect(out).toEqual(['id,cluster', '1,1', '2,1', '3,3'])
    expect(error).toBe('Read as persons by First Name, Last Name, E-mail, Company; not understood: Shoe\n')
    expect(run('--records', records, '--as', 'pairs', '--explain').out[1]).toMatch(
      /^1,2,0\.9\d+,strong,\+name \+mailbox/,
    )
  })

  it('gives the same clusters when it was stopped and goes on', () => {
    const rows = Array.from({ length: 40 }, (_, at) => `${at},Velmont ${['Ovens', 'Kilns'][at % 2]} ${at % 7},Boston`)
    const records = file('companies.csv', `id,name,city\n${rows.join('\n')}\n`)
    const progress = join(folder, 'progress')
    const first = run('--records', records, '--resume', progress).out
    // As a killed run leaves it: pairs were written after the last note of progress.
    execFileSync('sh', ['-c', 'printf \'{"a":1,\' >> "$0/pairs.ndjson"', progress])
    expect(run('--records', records, '--resume', progress).out).toEqual(first)
    const other = file('others.csv', 'id,name\n1,Oster\n')
    expect(run('--records', other, '--resume', progress).error).toContain('progress of another list')
  })

  it.each([
    [
      'UTF-16',
      Buffer.from('\uFEFFname1,name2\nA,B\n', 'utf16le'),
      'is not UTF-8 (it looks like UTF-16); save it as “CSV UTF-8”',
    ],
    ['Latin-1', Buffer.from('name1,name2\nM\u00fcller,B\n', 'latin1'), 'is not UTF-8; save it as “CSV UTF-8”'],
    ['nothing', '', 'is empty; its first line must name the columns'],
    ['an open quote', 'name1,name2\n"Velmont,Oster\n', 'cannot be read at line 2: Quote Not Closed'],
    ['other columns', 'name,city\nA,B\n', 'The file has no column name1, name2; its columns are name, city'],
  ])('refuses a file with %s', async (_title, content, message) => {
    const rows = rowsOf(file('wrong.csv', content), ['name1', 'name2'])
    await expect(Array.fromAsync(rows)).rejects.toThrow(message)
  })

  it('refuses records without a name and says which columns it understands', () => {
    const { error, status } = run('--records', file('shoes.csv', 'shoe,size\nboot,44\n'))
    expect(status).toBe(1)
    expect(error).toContain('no column with a name; its columns are shoe, size. For companies: id, name, address')
  })
})
