// SPDX-License-Identifier: Apache-2.0
// Compose files that were written for DynamoDB Local (the folder compose): only the image is
// Weir's. The cases run their arguments, variables and health checks as setups.js does, without
// containers. `node compose.js` prints each service as one line of JSON, for a script that runs it
// in an image: with its user, its working directory, its volumes and its check.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { listens, shell, trySetup } from './setups.js';

const FOLDER = join(import.meta.dirname, 'compose');
const IMAGE = 'weir';

// A file writes $$ for a $, because Compose puts variables in the place of single ones.
const unescaped = (text) => text.replaceAll('$$', '$');

/** The words of a command, which is a list, or text without quotes. */
function wordsOf(command = []) {
  return (Array.isArray(command) ? command : command.trim().split(/\s+/)).map(unescaped);
}

/** Variables, which are a mapping or a list of `NAME=value`. */
function variablesOf(environment = {}) {
  const pairs = Array.isArray(environment)
    ? environment.map((line) => [
        line.slice(0, line.indexOf('=')),
        line.slice(line.indexOf('=') + 1),
      ])
    : Object.entries(environment);
  return Object.fromEntries(pairs.map(([name, value]) => [name, unescaped(`${value}`)]));
}

/** A volume in its short form, `source:target`. */
function volumeOf(text) {
  const [source, target] = text.split(':');
  return { source, target };
}

/** A health check as `["CMD-SHELL", line]` or `["CMD", word…]`; undefined if there is none. */
function checkOf(test) {
  if (test === undefined) return undefined;
  return (Array.isArray(test) ? test : ['CMD-SHELL', test]).map(unescaped);
}

/** The services of the compose file at `path` that have Weir's image. */
export function servicesOf(path) {
  const { services } = parse(readFileSync(path, 'utf8'));
  return Object.entries(services)
    .filter(([, { image }]) => image === IMAGE)
    .map(([name, service]) => ({
      name,
      args: wordsOf(service.command),
      environment: variablesOf(service.environment),
      workingDir: service.working_dir,
      user: service.user,
      volumes: (service.volumes ?? []).map(volumeOf),
      healthcheck: checkOf(service.healthcheck?.test),
    }));
}

/** The services of all files in the folder compose, by the name of the file. */
export function allServices() {
  return readdirSync(FOLDER).flatMap((file) =>
    servicesOf(join(FOLDER, file)).map((service) => ({ file, ...service })),
  );
}

function tryService(command, { args, environment, healthcheck }) {
  const [form, line] = healthcheck ?? [];
  if (form && form !== 'CMD-SHELL') throw new Error(`no case has a check of the form ${form} yet`);
  const ready = line ? shell(line) : listens;
  return trySetup(command, { args: args.join(' '), ready, env: environment });
}

export const COMPOSE_CASES = Object.fromEntries(
  allServices().map((service) => [
    `compose: ${service.name} of ${service.file}`,
    (command) => tryService(command, service),
  ]),
);

if (import.meta.main) {
  for (const service of allServices()) console.log(JSON.stringify(service));
}
