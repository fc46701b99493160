// Authenticates a message again and again with mailauth; prints verifications and CPU seconds.
// usage: mailauth.mjs MESSAGE TXT.json SECONDS CLIENT HELO SENDER
import { readFileSync } from "node:fs";
import { authenticate } from "mailauth";

const [message, txt] = [readFileSync(process.argv[2]), JSON.parse(readFileSync(process.argv[3], "utf8"))];
const seconds = Number(process.argv[4]);
const [ip, helo, sender] = process.argv.slice(5);

const resolver = async (name, type) => {
  if (type === "TXT" && Object.hasOwn(txt, name)) return [[txt[name]]];
  throw Object.assign(new Error("no record"), { code: "ENOTFOUND" });
};

const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const run = async (seconds) => {
  let count = 0;
  const start = spent();
  while (spent() - start < seconds) {
    for (let i = 0; i < 20; i++, count++) {
      const { dkim, spf, arc, dmarc } = await authenticate(message, { ip, helo, sender, mta: "mx.example.net", resolver, disableBimi: true });
      const words = [dkim.results[0].status.result, spf.status.result, arc.status.result, dmarc.status.result];
      if (words.some((word) => word !== "pass")) throw new Error(words.join(" "));
    }
  }
  return [count, spent() - start];
};

await run(seconds / 4);
console.log(...(await run(seconds)));
