// A whole AT Protocol network on loopback: PLC directory, PDS and AppView.
//
// DB_POSTGRES_URL names an empty PostgreSQL database for the AppView; the PDS keeps
// SQLite files below TMPDIR. The first line of standard output says where everything
// is, as JSON. A line "settle" on standard input is answered with "settled" as soon as
// the AppView knows whatever the PDS took so far; the network ends with the input.
'use strict'

const readline = require('node:readline')
const { TestBsky, TestPds, TestPlc, mockNetworkUtilities } = require('@atproto/dev-env')
const getPort = require('get-port')

const PATIENCE_MS = 30000
const PAUSE_MS = 10

async function start() {
  const plc = await TestPlc.create({})
  const pdsPort = await getPort()
  const appView = await TestBsky.create({
    plcUrl: plc.url,
    pdsPort,
    repoProvider: `ws://localhost:${pdsPort}`,
    dbPostgresUrl: process.env.DB_POSTGRES_URL,
    dbPostgresSchema: 'appview',
    rolodexIgnoreBadTls: true,
  })
  const pds = await TestPds.create({
    port: pdsPort,
    didPlcUrl: plc.url,
    bskyAppViewUrl: appView.url,
    bskyAppViewDid: appView.ctx.cfg.serverDid,
    rateLimitsEnabled: true,
  })
  mockNetworkUtilities(pds, appView)
  return { plc, pds, appView }
}

async function settle(pds, appView) {
  await pds.processAll()
  const newest = await pds.ctx.sequencer.curr()
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    await appView.sub.processAll()
    if (!newest || (await appView.sub.runner.getCursor()) >= newest) {
      return 'settled'
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return 'not settled'
}

async function main() {
  const { plc, pds, appView } = await start()
  const where = { pds: pds.url, appView: appView.url, plc: plc.url }
  process.stdout.write(JSON.stringify(where) + '\n')
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === 'settle') {
      process.stdout.write((await settle(pds, appView)) + '\n')
    }
  }
  await appView.close()
  await pds.close()
  await plc.close()
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
