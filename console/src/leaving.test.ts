/** A page that is left has no time to sign: it must have done so before. */
import { DpopKey } from "@seseragi/client";
import { afterEach, expect, test, vi } from "vitest";
import { Infer } from "../../clients/ts/packages/client/src/gen/infer_pb.js";
import { opened, text } from "../../clients/ts/packages/client/src/testing/gateway.js";
import { boundToken, ORIGIN, provingServer } from "../../clients/ts/packages/client/src/testing/proofs.js";
import { wire } from "./wiring.js";

afterEach(() => void vi.restoreAllMocks());

test("the stop of a page that is left goes out without another signature", async () => {
  const server = provingServer((router) => {
    router.service(Infer, {
      async *stream(_, { signal }) {
        yield* [opened(), text("a", 1)];
        await new Promise((_, reject) => signal.addEventListener("abort", reject));
      },
      cancel: () => ({}),
    });
  });
  const dpop = await DpopKey.generate();
  const { session, conversation } = wire(`${ORIGIN}/`, server.fetch, { dpop });
  session.usePasted(boundToken("of this key"));
  const signs = vi.spyOn(crypto.subtle, "sign");
  conversation.ask("?", "");
  await vi.waitFor(() => expect([conversation.turns.get()[0]?.answer.text, signs.mock.calls.length]).toEqual(["a", 2]));
  await new Promise((resolve) => setTimeout(resolve, 50)); // the last one is being made
  signs.mockClear();
  void conversation.stop();
  await vi.waitFor(() => expect(server.seen.map(({ path, scheme }) => `${scheme} ${path}`)).toContain("DPoP /infer.Infer/Cancel"));
  expect(signs).not.toHaveBeenCalled();
});
