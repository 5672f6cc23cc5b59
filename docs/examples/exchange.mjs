// A runtime that exchanges state with a server, from its published schemas and well-known libraries alone.
//
//     npm ci --prefix docs/examples
//     sigma peer add $(node docs/examples/exchange.mjs id) --grant state,memory
//     node docs/examples/exchange.mjs http://127.0.0.1:8088
//
// It does what exchange.py does. Its key lies in exchange.key.json, or where SIGMA_EXAMPLE_KEY says.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, verify as verifies } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import canonicalize from 'canonicalize';

const SCHEMAS = new URL('../../schemas/', import.meta.url);
const KEY_FILE = process.env.SIGMA_EXAMPLE_KEY ?? 'exchange.key.json';
const PURPOSE = (name) => `sigma-interop/${name}/v1`;
const KEY_ID = 'node-1';

/** Our UUID and key, made at the first start. */
function us() {
  if (!existsSync(KEY_FILE)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const kept = { runtime_id: randomUUID(), key: privateKey.export({ format: 'jwk' }) };
    writeFileSync(KEY_FILE, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
  }
  const kept = JSON.parse(readFileSync(KEY_FILE, 'utf8'));
  const key = createPrivateKey({ key: kept.key, format: 'jwk' });
  const x = Buffer.from(kept.key.x, 'base64url').toString('hex');
  return { id: kept.runtime_id, key, public: `ed25519:${x}` };
}

/** Over the canonical JSON (RFC 8785) of all but the signature. */
function checksum({ signature, '@context': context, ...body }) {
  return `blake3:${bytesToHex(blake3(new TextEncoder().encode(canonicalize(body))))}`;
}

function signedText(purpose, keyId, { header }, check) {
  return Buffer.from([
    PURPOSE(purpose), 'ed25519', keyId, header.protocol_version, header.source_runtime_id,
    header.target_runtime_id, header.timestamp, check,
  ].join('\n'));
}

function seal(own, purpose, target, payload) {
  const header = {
    protocol_version: '1.0', source_runtime_id: own.id, target_runtime_id: target,
    timestamp: new Date().toISOString(),
  };
  const message = { header, payload };
  const check = checksum(message);
  const token = sign(null, signedText(purpose, KEY_ID, message, check), own.key).toString('hex');
  return { ...message, signature: { checksum: check, integrity_token: `ed25519:${KEY_ID}:${token}` } };
}

/** Whether a message is whole and of whom it says. */
function verify(message, purpose, keys) {
  const check = checksum(message);
  assert.equal(message.signature.checksum, check, 'the checksum is another');
  const [algorithm, keyId, digits] = message.signature.integrity_token.split(':');
  assert.equal(algorithm, 'ed25519');
  const x = Buffer.from(keys[keyId].slice('ed25519:'.length), 'hex').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signed = signedText(purpose, keyId, message, check);
  assert(verifies(null, signed, key, Buffer.from(digits, 'hex')), 'the signature is another');
  return message.payload;
}

function validate(name, value) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  // formats of whole numbers that other languages name
  for (const format of ['uint8', 'uint16', 'uint32', 'uint64', 'float', 'double']) ajv.addFormat(format, true);
  const check = ajv.compile(JSON.parse(readFileSync(new URL(`${name}.json`, SCHEMAS), 'utf8')));
  assert(check(value), `${name}: ${ajv.errorsText(check.errors)}`);
}

/** Shows who asks: for one GET of one path and query, in this minute. */
function proof(own, server, target) {
  const [path, query] = target.split(/\?(.*)/s);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const signed = [
    part({ alg: 'EdDSA', typ: 'sigma-proof+jwt', kid: KEY_ID }),
    part({ iss: own.id, aud: server, htm: 'GET', htu: path, htq: query, iat, exp: iat + 60, jti: randomUUID() }),
  ].join('.');
  return { authorization: `Bearer ${signed}.${sign(null, Buffer.from(signed), own.key).toString('base64url')}` };
}

const manifest = (own) => ({
  runtime_id: own.id, protocol_versions: ['1.0'], exchange: ['full', 'minimal'],
  endpoints: ['/field/state', '/phase/telemetry', '/runtime/handshake'],
  serializations: ['json'], compression: [], checksums: ['blake3'], tokens: ['ed25519'],
  keys: [{ key_id: KEY_ID, public_key: own.public }],
  limits: { packet_bytes: 65536, snapshot_bytes: 65536 }, emit_every: 3,
});

const state = () => ({
  attractor_state: { id: randomUUID(), type: 'symbolic', stability: 0.97, phase: 'stable', scr: 0.8 },
  drift_metrics: { sdi: 0.11, sv: 0.07, pd: 0, di: 0.1 / 1.3 },
  memory_snapshot: { summary_hash: 'blake3:none', retention_index: 1 },
  safety_flags: { aegida_status: 'nominal', phase_lock: false, recenter_active: false },
});

const memory = () => ({
  cycle: 1,
  memory_layer: {
    episodic_store: [{ cycle_id: 1, state_vector: [], drift_index: 0.1, summary: 'Another foreign word.' }],
    semantic_map: { concepts: {}, embeddings: {} },
    symbolic_motifs: { clusters: [], density_scores: [] },
    pil_invariants: { identity_vector: [], core_motifs: [] },
  },
});

const push = (method, url, message) =>
  fetch(url, { method, body: JSON.stringify(message), headers: { 'content-type': 'application/json' } });

/** The first event of a stream that has data. */
async function firstEvent(response) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body) {
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => !line.startsWith(':'));
      const fields = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
      const event = Object.fromEntries(fields);
      if (event.data) return event;
    }
  }
  return assert.fail('the stream ended');
}

async function walk(own, base) {
  const capabilities = await (await fetch(`${base}/runtime/capabilities`)).json();
  validate('runtime-capabilities', capabilities);
  const server = capabilities.runtime_id;
  const keys = Object.fromEntries(capabilities.keys.map((key) => [key.key_id, key.public_key]));
  console.log(`1  the runtime ${server} speaks ${capabilities.protocol_versions.join(', ')}`);

  const nonce = randomUUID().replaceAll('-', '');
  const asked = seal(own, 'handshake', server, { capabilities: manifest(own), nonce });
  const answered = await push('POST', `${base}/runtime/handshake`, asked);
  const reply = verify(await answered.json(), 'handshake-answer', keys);
  assert.equal(reply.nonce, nonce);
  assert.equal(reply.negotiation.outcome, 'full');
  assert.equal(answered.headers.get('x-sigma-peer'), 'known', 'add me first: sigma peer add $(exchange.mjs id)');
  console.log(`2  settled: ${reply.negotiation.outcome} exchange`);

  const fetched = await fetch(`${base}/field/state`, { headers: proof(own, server, '/field/state') });
  assert.equal(fetched.status, 200);
  const packet = await fetched.json();
  validate('sigma-packet', packet);
  const { drift_metrics: drift } = verify(packet, 'packet', keys);
  console.log(`3  a packet of session ${fetched.headers.get('x-session-id')}, verified: drift ${drift.di}`);
  packet.payload.drift_metrics.di = 0.999;
  assert.throws(() => verify(packet, 'packet', keys), 'a changed packet is not whole');

  const ours = seal(own, 'packet', server, state());
  validate('sigma-packet', ours);
  const taken = await push('POST', `${base}/field/state`, ours);
  assert.equal(taken.status, 202);
  assert.equal((await push('POST', `${base}/field/state`, ours)).status, 409, 'a packet is taken once');
  console.log(`4  a packet of ours was taken: ${(await taken.json()).checksum}`);

  const pushed = await push('PUT', `${base}/memory/snapshot`, seal(own, 'memory-snapshot', server, memory()));
  assert.equal(pushed.status, 202);
  console.log(`5  a memory of ours is ${(await pushed.json()).received}`);

  const stop = new AbortController();
  const target = `/phase/telemetry?${new URLSearchParams({ session: fetched.headers.get('x-session-id') })}`;
  const headers = proof(own, server, target);
  const stream = await fetch(`${base}${target}`, { headers, signal: stop.signal });
  assert.equal(stream.status, 200);
  const event = await firstEvent(stream);
  stop.abort();
  assert.equal(event.event, 'frame');
  const frame = JSON.parse(event.data);
  validate('phase-frame-sealed', frame);
  const { frame: phase } = verify(frame, 'phase-frame', keys);
  console.log(`6  a frame of cycle ${event.id}, verified: ${phase.phase_state}, psi ${phase.psi}`);
}

const own = us();
if (process.argv[2] === 'id') {
  console.log(`${own.id} --key-id ${KEY_ID} --key ${own.public}`);
} else {
  await walk(own, (process.argv[2] ?? 'http://127.0.0.1:8088').replace(/\/$/, ''));
}
