import react from "@vitejs/plugin-react";
import { defaultClientConditions } from "vite";
import { defineConfig } from "vitest/config";

const gateway = "http://127.0.0.1:8080";

export default defineConfig({
  base: "./", // served at `/` or below any path
  plugins: [react()],
  // The client is built from its source beside us, not from its last `dist`.
  resolve: { conditions: ["seseragi-source", ...defaultClientConditions] },
  build: {
    assetsInlineLimit: 0, // the page's CSP is `default-src 'self'`: no data: URLs
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/infer.Infer": gateway, "/auth": gateway, "/console.json": gateway } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
