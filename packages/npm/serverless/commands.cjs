// SPDX-License-Identifier: Apache-2.0
// The commands of serverless-dynamodb and of both lines of serverless-dynamodb-local: 0.2, which
// makes tables from the configuration's resources, and 1.0, which makes them from migration files.

const flag = (usage, shortcut) => ({ type: 'boolean', usage, ...(shortcut && { shortcut }) });
const text = (usage, shortcut) => ({ type: 'string', usage, ...(shortcut && { shortcut }) });

const IGNORED = 'Ignored: Weir needs neither Java nor Docker';

// The options of `start` that are accepted, named in a warning, and do nothing.
const IGNORED_OPTIONS = ['heapInitial', 'heapMax', 'docker', 'dockerPath', 'dockerImage'];

const START_OPTIONS = {
  port: text('The port to listen on (default: 8000)', 'p'),
  cors: text('The origins of web pages that may use the server, separated by commas', 'c'),
  inMemory: flag('Keep the data in memory, which is the default', 'i'),
  dbPath: text('The folder that keeps the data, relative to the service', 'd'),
  sharedDb: flag('Serve all regions and keys from one database, as Weir always does', 'h'),
  delayTransientStatuses: flag('Let changes of tables take time, as on AWS', 't'),
  optimizeDbBeforeStartup: flag('Not possible: there is no database file', 'o'),
  convertEmptyValues: flag('Seed empty strings, binaries and sets as NULL', 'e'),
  noStart: flag('Do not start a server: use the one that runs at the port'),
  migrate: flag('Then make the tables of the configuration', 'm'),
  seed: text('Then seed the tables: all categories, or those of a list with commas', 's'),
  migration: flag('Then execute all migration files'),
  heapInitial: text(IGNORED),
  heapMax: text(IGNORED),
  docker: flag(IGNORED),
  dockerPath: text(IGNORED),
  dockerImage: text(IGNORED),
};

const NAME = { ...text('The name of the file, without .json', 'n'), required: true };

const COMMANDS = {
  dynamodb: {
    commands: {
      start: {
        usage: 'Starts Weir, a local DynamoDB',
        lifecycleEvents: ['startHandler'],
        options: START_OPTIONS,
      },
      migrate: {
        usage: 'Makes the tables of the configuration in the local DynamoDB',
        lifecycleEvents: ['migrateHandler'],
      },
      seed: {
        usage: 'Writes the seeds of the configuration to the tables',
        lifecycleEvents: ['seedHandler'],
        options: {
          online: flag('Write to the tables on AWS in --region', 'o'),
          seed: text('Only these categories, separated by commas', 's'),
        },
      },
      create: {
        usage: 'Writes a new migration file',
        lifecycleEvents: ['createHandler'],
        options: { name: NAME },
      },
      execute: {
        usage: 'Makes and seeds the table of a migration file',
        lifecycleEvents: ['executeHandler'],
        options: { name: NAME },
      },
      executeAll: {
        usage: 'Makes and seeds the tables of all migration files',
        lifecycleEvents: ['executeAllHandler'],
      },
      install: {
        usage: 'Does nothing: the server is in the package',
        lifecycleEvents: ['installHandler'],
        options: { localPath: text('Ignored', 'x') },
      },
      remove: {
        usage: 'Does nothing: the server is in the package',
        lifecycleEvents: ['removeHandler'],
      },
    },
  },
};

module.exports = { COMMANDS, IGNORED_OPTIONS, START_OPTIONS };
