// The systemd unit of docs/setup.md: its sandbox is whole, and systemd itself, where it is there, takes every line.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const text = readFileSync('docs/setup.md', 'utf8')
const block = /^ {4}\[Unit\]\n(?:(?: {4}.*)?\n)+/m.exec(text)?.[0] ?? ''
const unit = block
  .split('\n')
  .map((line) => line.slice(4))
  .join('\n')
const settings = unit
  .split('\n')
  .filter((line) => /^[A-Za-z]+=/.test(line))
  .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

describe('the unit', () => {
  it.each([
    ['NoNewPrivileges', 'true'],
    ['CapabilityBoundingSet', ''],
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'true'],
    ['PrivateTmp', 'true'],
    ['PrivateDevices', 'true'],
    ['ProtectKernelModules', 'true'],
    ['ProtectKernelTunables', 'true'],
    ['ProtectControlGroups', 'true'],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX AF_NETLINK'],
    ['RestrictNamespaces', 'true'],
    ['RestrictSUIDSGID', 'true'],
    ['LockPersonality', 'true'],
    ['SystemCallArchitectures', 'native'],
    ['SystemCallFilter', '@system-service'],
    ['UMask', '0077'],
    ['StateDirectoryMode', '0700'],
  ])('sets %s=%s', (name, value) => expect(settings).toContainEqual([name, value]))

  it('runs as a user of its own and may write to its state folder only', () => {
    const of = (name: string) => settings.filter(([key]) => key === name).map(([, value]) => value)
    expect(of('User')).toEqual(['missions-brain'])
    expect(of('StateDirectory')).toEqual(['missions-brain'])
    expect(of('ReadWritePaths')).toEqual([])
  })

  it.runIf(hasSystemd)('is understood by systemd in every line, and rated safe', () => {
    const folder = mkdtempSync(join(tmpdir(), 'unit-'))
    const file = join(folder, 'missions-web.service')
    writeFileSync(file, unit.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'))
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    const complaints = `${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes(file))
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=40', file], {
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true })
    expect(complaints).toEqual([])
    expect(security.status, security.stdout.slice(-300)).toBe(0)
  })
})
