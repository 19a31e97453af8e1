// SPDX-License-Identifier: Apache-2.0
// The plugin `weir-dynamodb/serverless`, which takes the place of serverless-dynamodb and
// serverless-dynamodb-local: their commands, hooks and configuration. The Serverless Framework
// loads plugins by require; what a command needs is imported when it runs.

const { isAbsolute, join } = require('node:path');

const { COMMANDS, IGNORED_OPTIONS, START_OPTIONS } = require('./commands.cjs');

// What custom.dynamodb may have beside `start`, and `start` beside the options of the command line.
const CONFIG_MEMBERS = ['migration', 'noStart', 'seed', 'stages', 'start'];
const START_MEMBERS = ['host', 'region'];

const DEFAULTS = { port: 8000, host: 'localhost', region: 'localhost', sharedDb: true };

/** The members of `object` that have a value. */
function given(object = {}) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value != null));
}

class WeirPlugin {
  #serverless;
  #cliOptions;
  #log;
  #weir;

  constructor(serverless, options, utils) {
    this.#serverless = serverless;
    this.#cliOptions = options;
    this.#log = utils?.log?.notice ?? ((message) => serverless.cli.log(message));
    this.commands = COMMANDS;
    this.hooks = {
      'dynamodb:start:startHandler': () => this.#start(),
      'dynamodb:migrate:migrateHandler': () => this.#inItsStage('migrate', () => this.#migrate()),
      'dynamodb:seed:seedHandler': () => this.#inItsStage('seed', () => this.#seed()),
      'dynamodb:create:createHandler': () => this.#createMigration(),
      'dynamodb:execute:executeHandler': () => this.#execute(this.#cli.name),
      'dynamodb:executeAll:executeAllHandler': () => this.#execute(),
      'dynamodb:install:installHandler': () => this.#nothingToDo('install'),
      'dynamodb:remove:removeHandler': () => this.#nothingToDo('remove'),
      // `serverless offline` fires the first of these, `serverless offline start` the other two.
      'before:offline:start': () => this.#start(),
      'before:offline:start:init': () => this.#start(),
      'before:offline:start:end': () => this.#weir?.stop(),
    };
  }

  /** What the command line has. The framework adds the long names of short options later on. */
  get #cli() {
    return given(this.#cliOptions);
  }

  get #config() {
    const { custom } = this.#serverless.service;
    return custom?.['serverless-dynamodb'] ?? custom?.dynamodb ?? {};
  }

  /** The options of `start`: those of the command line go before the configuration. */
  get #options() {
    const { noStart, start } = this.#config;
    return { ...DEFAULTS, ...given({ noStart }), ...given(start), ...this.#cli };
  }

  get #folder() {
    return this.#serverless.config.servicePath;
  }

  async #inItsStage(what, act) {
    const stage = this.#cli.stage ?? this.#serverless.service.provider?.stage;
    const { stages } = this.#config;
    if (!stages || stages.includes(stage)) await act();
    else this.#log(`DynamoDB - no ${what}: stage ${stage} is not one of ${stages.join(', ')}`);
  }

  #start() {
    return this.#inItsStage('start', async () => {
      const options = this.#options;
      this.#nameIgnored(options);
      if (!options.noStart) {
        const { start } = await import('../index.js');
        this.#weir = await start({ flags: await this.#flags(options), foreground: true });
        this.#log(`DynamoDB - Weir ${this.#weir.version} is ready on ${this.#weir.url}`);
      }
      if (options.migrate) await this.#migrate();
      if (options.seed) await this.#seed();
      if (options.migration) await this.#execute();
    });
  }

  /** The flags of the server, in the spelling of DynamoDB Local, which Weir understands. */
  async #flags(options) {
    const { bindFlags } = await import('../lib/local.js');
    const flags = ['-port', `${options.port}`, ...(await bindFlags(options.host))];
    const { dbPath } = options;
    // As in the plugins that this one replaces, a folder goes before `inMemory`.
    if (dbPath) flags.push('-dbPath', isAbsolute(dbPath) ? dbPath : join(this.#folder, dbPath));
    else flags.push('-inMemory');
    if (options.cors) flags.push('-cors', options.cors);
    for (const name of ['sharedDb', 'delayTransientStatuses', 'optimizeDbBeforeStartup']) {
      if (options[name]) flags.push(`-${name}`);
    }
    return flags;
  }

  /** Names in one line what the configuration has and Weir does not do. */
  #nameIgnored(options) {
    const known = [...Object.keys(START_OPTIONS), ...START_MEMBERS];
    const ignored = [
      ...Object.keys(this.#config).filter((name) => !CONFIG_MEMBERS.includes(name)),
      ...Object.keys(given(this.#config.start)).filter((name) => !known.includes(name)),
      ...IGNORED_OPTIONS.filter((name) => options[name]),
      ...(options.sharedDb ? [] : ['sharedDb: false']),
    ];
    if (ignored.length > 0) this.#log(`DynamoDB - ignored by Weir: ${ignored.join(', ')}`);
  }

  /** A client of the local server, or with --online of AWS. */
  async #client() {
    const { importPeer } = await import('../lib/peer.js');
    const { DynamoDB } = await importPeer('@aws-sdk/client-dynamodb');
    if (this.#cli.online) {
      if (!this.#cli.region) throw new Error('--online needs --region');
      return new DynamoDB({ region: this.#cli.region });
    }
    const { host, port, region } = this.#options;
    return new DynamoDB({
      endpoint: `http://${host}:${port}`,
      region,
      credentials: { accessKeyId: 'MockAccessKeyId', secretAccessKey: 'MockSecretAccessKey' },
    });
  }

  async #migrate() {
    const { createTables, tablesOf } = await import('./tables.js');
    await createTables(await this.#client(), tablesOf(this.#serverless.service), this.#log);
  }

  async #seed() {
    const { chosenSeeds, writeSeeds } = await import('./seeds.js');
    const { convertEmptyValues = false, seed } = this.#options;
    const seeds = chosenSeeds(this.#config.seed, seed);
    await writeSeeds(await this.#client(), seeds, { convertEmptyValues, log: this.#log });
  }

  /** The folder of the migration files, and what the names of their tables get around them. */
  get #migrations() {
    const { dir = 'dynamodb', table_prefix = '', table_suffix = '' } = this.#config.migration ?? {};
    return { folder: join(this.#folder, dir), prefix: table_prefix, suffix: table_suffix };
  }

  async #createMigration() {
    const { createMigration } = await import('./migrations.js');
    this.#log(`DynamoDB - wrote ${createMigration(this.#migrations.folder, this.#cli.name)}`);
  }

  async #execute(name) {
    const { executeMigrations } = await import('./migrations.js');
    await executeMigrations(await this.#client(), { ...this.#migrations, name, log: this.#log });
  }

  #nothingToDo(command) {
    this.#log(`DynamoDB - nothing to ${command}: the server is in the package weir-dynamodb`);
  }
}

module.exports = WeirPlugin;
