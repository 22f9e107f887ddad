import { StrictMode } from "react";
import { openDpopKey } from "@seseragi/client";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { wire } from "./wiring.js";
import "./styles.css";

let leaving = false;
const baseUrl = new URL("./", document.baseURI).href;
const fetchFn: typeof fetch = (input, init) => fetch(input, leaving ? { ...init, keepalive: true } : init);
const wiring = wire(baseUrl, fetchFn, { dpop: openDpopKey("console") });

// This page cannot take an answer up again after a reload, so leaving it is a stop: the gateway need not keep the generation for its grace time.
window.addEventListener("pagehide", () => {
  leaving = true;
  wiring.conversation.stop();
});
window.addEventListener("pageshow", () => (leaving = false));

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App {...wiring} />
  </StrictMode>,
);
