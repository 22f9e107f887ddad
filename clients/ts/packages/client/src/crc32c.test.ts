import { expect, test } from "vitest";
import { crc32c } from "./crc32c.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the check values of CRC-32C", () => {
  expect(crc32c(bytes(""))).toBe(0);
  expect(crc32c(bytes("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa); // RFC 3720 B.4
});

test("text added piece by piece has the checksum of the whole", () => {
  const whole = "せせらぎ 🌊 stream";
  expect([...whole].reduce((crc, piece) => crc32c(bytes(piece), crc), 0)).toBe(crc32c(bytes(whole)));
});
