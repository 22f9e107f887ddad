/** The page in jsdom, over the client and a gateway in memory, and what a person does with it. */
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach } from "vitest";
import { gateway, type Gateway, type Script } from "../../../clients/ts/packages/client/src/testing/gateway.js";
import { App } from "../app.js";
import type { GatewayInfo } from "../http.js";
import { wire, type Wiring } from "../wiring.js";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
window.scrollTo = () => undefined; // jsdom lays nothing out

const INFO: GatewayInfo = {
  version: "0.1.0",
  guest: true,
  default_model: "seseragi-mini",
  model_note: { en: "A very small model.", ja: "とても小さなモデルです。" },
  questions: [
    { lang: "en", topic: "what", text: "What is Seseragi?" },
    { lang: "ja", topic: "what", text: "せせらぎとは？" },
  ],
};

let root: Root;
let element: HTMLElement;
export const page = (): HTMLElement => element;

beforeEach(() => {
  element = document.body.appendChild(document.createElement("div"));
  root = createRoot(element);
});
afterEach(() => {
  act(() => root.unmount());
  element.remove();
});

export interface Web {
  readonly info?: Partial<GatewayInfo>;
  /** What the plain HTTP endpoints answer; by default guests are welcome, and there is nothing else. */
  readonly routes?: Record<string, (request: Request) => Response | Promise<Response>>;
  /** The query of the page's address. */
  readonly query?: string;
}

export interface Opened {
  readonly server: Gateway;
  readonly wiring: Wiring;
  readonly guests: () => number;
  /** The plain HTTP requests after `/console.json`, such as `POST /auth/login`. */
  readonly calls: string[];
  /** Where the page left for. */
  readonly left: string[];
}

export function issued(token: string, subject: string): Response {
  return Response.json({ access_token: token, token_type: "Bearer", expires_in: 300, scope: "infer:read", subject });
}

export async function open(script: Script, { info, routes = {}, query = "" }: Web = {}): Promise<Opened> {
  const server = gateway(script);
  const calls: string[] = [];
  const left: string[] = [];
  let guests = 0;
  const fetchFn = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(String(input), init);
    const { pathname } = new URL(request.url);
    if (pathname === "/console.json") return Response.json({ ...INFO, ...info });
    calls.push(`${request.method} ${pathname}`);
    if (pathname === "/auth/guest") guests++;
    const guest = (): Response => issued(`guest-${guests}`, `guest:${guests}`);
    return (routes[pathname] ?? (pathname === "/auth/guest" ? guest : () => Response.json({}, { status: 404 })))(request);
  };
  const wiring = wire("http://test/", fetchFn, { transport: server.transport, retry: { baseMs: 0, maxMs: 0 } });
  const place = { href: `http://test/${query}`, assign: (to: string | URL) => void left.push(String(to)) };
  act(() => root.render(<App {...wiring} place={place} />));
  await eventually(() => void find("question-chip"));
  return { server, wiring, guests: () => guests, calls, left };
}

export function find<T extends HTMLElement>(testId: string): T {
  const found = element.querySelector<T>(`[data-testid="${testId}"]`);
  if (!found) throw new Error(`nothing on the page is called ${testId}`);
  return found;
}
export const click = (testId: string): void => act(() => find(testId).click());
export const press = (target: Element, key: string, more: KeyboardEventInit = {}): void =>
  act(() => void target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more })));

/** React shows its updates when an `act` ends, so each look is between two of them. */
export async function eventually(check: () => void): Promise<void> {
  for (let left = 400; ; left--) {
    try {
      return check();
    } catch (error) {
      if (left === 0) throw error;
    }
    await act(() => new Promise((resolve) => setTimeout(resolve, 5)));
  }
}

export function type(testId: string, value: string): void {
  const field = find<HTMLTextAreaElement | HTMLInputElement>(testId);
  act(() => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")!.set!.call(field, value); // past React's own setter
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
