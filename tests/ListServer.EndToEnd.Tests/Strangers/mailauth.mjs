// A receiver, and a server on the way that seals, by npm mailauth: none of it is ListServer's code.
//
// One JSON request a line on standard input, one JSON answer a line on standard output. Octets are base64.
// The argument is the port of the name server on 127.0.0.1.
import { createInterface } from 'node:readline';
import { promises as dns } from 'node:dns';
import { authenticate, sealMessage } from 'mailauth';

const names = new dns.Resolver();
names.setServers([`127.0.0.1:${process.argv[2]}`]);
const known = new Map();

// Asked once for each name and type; a failure is an answer too.
const resolver = (name, type) => {
    const key = `${name} ${type}`;
    if (!known.has(key)) {
        known.set(key, names.resolve(name, type));
    }
    return known.get(key);
};

const client = item => ({ ip: '127.0.0.1', helo: 'mx.lists.example', sender: item.mailFrom, resolver, strict: true, disableBimi: true });

const seal = async request => {
    const message = Buffer.from(request.message, 'base64');
    const { arc, headers } = await authenticate(message, { ...client(request), mta: request.domain });
    const set = await sealMessage(message, {
        signingDomain: request.domain,
        selector: request.selector,
        privateKey: request.key,
        authResults: arc.authResults,
        cv: arc.status.result
    });
    return { message: Buffer.concat([Buffer.from(set), Buffer.from(headers), message]).toString('base64') };
};

const judgement = async item => {
    const { dkim, arc, dmarc } = await authenticate(Buffer.from(item.message, 'base64'), { ...client(item), mta: 'receiver.example' });
    return {
        dkim: dkim.results.map(row => ({
            domain: row.signingDomain || '',
            result: row.status.result,
            reason: row.status.comment || '',
            covers: (row.signingHeaders?.keys || '').toLowerCase().split(/\s*:\s*/)
        })),
        arc: { result: arc.status.result, instances: arc.i || 0, reason: arc.status.comment || '' },
        dmarc: dmarc && { result: dmarc.status.result, domain: dmarc.status.header.from, policy: dmarc.policy, reason: dmarc.info }
    };
};

const judge = async request => {
    const judgements = [];
    for (const item of request.copies) {
        judgements.push(await judgement(item));
    }
    return { judgements };
};

const operations = { seal, judge };
for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    console.log(JSON.stringify(await operations[asked.op](asked)));
}
