// SPDX-License-Identifier: Apache-2.0
// Pages of several origins, and all that a page can try. The names of other machines lead to this
// one, so the browser takes all pages for local ones, and does not itself keep them from the local
// network.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';

import { listen } from './browser.js';

// Milliseconds that the browser may take to send a request and to get the answer.
export const TIMEOUT = 20_000;

const NAMES = ['evil.example', 'other.example', 'rebound.example', 'app.internal'];
export const RULES = NAMES.map((name) => `MAP ${name} 127.0.0.1`).join();

/** Sends a request, in Node.js or in a page; the status is 0 if a script may not see the answer. */
export async function ask(url, init) {
  try {
    const response = await fetch(url, init);
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: '' };
  }
}

/** Ways to POST for which a browser does not ask the server first. They run in the page. */
export const WAYS = {
  'a fetch': (url, body) => void fetch(url, { method: 'POST', body }).catch(() => {}),
  'a no-cors fetch': (url, body) => void fetch(url, { method: 'POST', mode: 'no-cors', body }),
  'a fetch without a type': (url, body) =>
    void fetch(url, { method: 'POST', mode: 'no-cors', body: new TextEncoder().encode(body) }),
  'a beacon': (url, body) => void navigator.sendBeacon(url, body),
  'a form': (url, body) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', enctype: 'text/plain', action: url });
    const field = document.createElement('input');
    const [name, ...value] = body.split('=');
    Object.assign(field, { name, value: value.join('=') });
    form.append(field);
    document.body.append(form);
    form.submit();
  },
};

/**
 * What the browser gets in answer to the page's POST: a status, or the reason why no script may see
 * the answer.
 */
export function awaitAnswer(page, url) {
  return new Promise((done) => {
    const ours = (request) => request.method() === 'POST' && request.url() === url;
    page.on('response', (one) => ours(one.request()) && done(one.status()));
    page.on('requestfailed', (one) => ours(one) && done(one.failure().errorText));
    setTimeout(() => done('none in time'), TIMEOUT).unref();
  });
}

/** What a page reads by other means than fetch; these run in the page, too. */
export const READERS = {
  'an image': (url) =>
    new Promise((done) => {
      const image = new Image();
      image.onload = () => done(`${image.width} x ${image.height}`);
      image.onerror = () => done('nothing');
      image.src = url;
    }),
  'a script': (url) =>
    new Promise((done) => {
      const script = document.createElement('script');
      window.onerror = (message, source, line) => done(`${message} in ${source}, line ${line}`);
      script.onload = () => done('loaded');
      script.onerror = () => done('nothing');
      script.src = url;
      document.head.append(script);
    }),
  'a script with CORS': (url) =>
    new Promise((done) => {
      const script = document.createElement('script');
      script.crossOrigin = 'anonymous';
      script.onload = () => done('loaded');
      script.onerror = () => done('nothing');
      script.src = url;
      document.head.append(script);
    }),
  'a frame': (url) =>
    new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.onload = () => done(frame.contentDocument?.body.innerText ?? 'nothing');
      frame.src = url;
      document.body.append(frame);
    }),
  'a WebSocket': (url) =>
    new Promise((done) => {
      const socket = new WebSocket(url.replace('http:', 'ws:'));
      socket.onopen = () => done('opened');
      socket.onmessage = ({ data }) => done(data);
      socket.onerror = () => done('nothing');
    }),
};

/**
 * Opens an empty page at `address`; returns its main frame. With `sandbox`, returns a sandboxed
 * frame of that page, whose origin is null.
 */
export async function openPage(browser, address, sandbox) {
  const page = await browser.newPage();
  const response = await page.goto(address, { timeout: TIMEOUT });
  assert.equal(response.status(), 200, address);
  if (!sandbox) return page.mainFrame();
  await page.evaluate(
    () =>
      new Promise((loaded) => {
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-scripts allow-forms';
        frame.onload = loaded;
        frame.src = '/';
        document.body.append(frame);
      }),
  );
  const frame = page.frames().find((one) => one !== page.mainFrame());
  assert.equal(await frame.evaluate(() => window.origin), 'null');
  return frame;
}

/** Starts a server that answers each request with an empty page. */
export function listenForPages() {
  return listen(
    createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>A page</title>');
    }),
  );
}

/** A page of the test's own server, in a browser that knows that server as `host`. */
export function pageAt(host, pages) {
  return {
    name: host,
    flags: [],
    address: () => `http://${host}:${pages.address().port}/`,
    base: (weir) => weir.endpoint,
  };
}

/** A page of Weir itself, in a browser that knows it as `host`. */
export function weirAt(host) {
  const base = (weir) => `http://${host}:${weir.port}`;
  const address = (weir) => `${base(weir)}/`;
  return { name: `Weir as ${host}`, flags: [], sameOrigin: true, base, address };
}
