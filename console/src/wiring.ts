/** Everything the page uses, put together once. Tests put it together with other parts. */
import { createClient, type ClientOptions, type SeseragiClient } from "@seseragi/client";
import { Conversation } from "./conversation.js";
import { Http } from "./http.js";
import { keepProofReady } from "./leaving.js";
import { Session } from "./session.js";

export interface Wiring {
  readonly http: Http;
  readonly session: Session;
  readonly client: SeseragiClient;
  readonly conversation: Conversation;
}

export function wire(baseUrl: string, fetchFn: typeof fetch, more: Pick<ClientOptions, "transport" | "retry" | "dpop"> = {}): Wiring {
  const http = new Http(baseUrl, fetchFn, more.dpop);
  const session = new Session(http);
  const client = createClient({ baseUrl, fetch: fetchFn, token: (request) => session.accessToken(request), ...more });
  const conversation = new Conversation(client);
  keepProofReady(more.dpop, baseUrl, session, conversation);
  return { http, session, client, conversation };
}
