import type { SourceFile } from './source-files.ts';

/** A rule that text alone can tell: what it finds in one file, each as a sentence. */
export type TextRule = {
  readonly name: string;
  readonly find: (file: SourceFile) => readonly string[];
};

const maxLines = 200;

/** Source files that are longer for a reason that stands beside them. */
const longFiles: Readonly<Record<string, string>> = {};

const isCode = (path: string): boolean => /\.(ts|mjs)$/.test(path);
const isTest = (path: string): boolean =>
  /\.test\.ts$|(^|\/)(contract-tests|samples)\/|\/[a-z-]*test-[a-z-]+\.ts$/.test(path);

/** The numbered lines on which `pattern` stands, in files that `where` admits. */
const lines =
  (pattern: RegExp, where: (path: string) => boolean): TextRule['find'] =>
  ({ path, text }) =>
    where(path)
      ? text
          .split('\n')
          .flatMap((line, index) =>
            pattern.test(line) ? [`line ${index + 1}: ${line.trim()}`] : [],
          )
      : [];

const shortFiles: TextRule['find'] = ({ path, text }) => {
  const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const long = isCode(path) && !isTest(path) && count > maxLines && !(path in longFiles);
  return long ? [`${count} lines; at most ${maxLines}`] : [];
};

const licences: TextRule['find'] = ({ path, text }) => {
  if (path === 'LICENSE') return text.startsWith('MIT License') ? [] : ['not the MIT licence'];
  if (!/^([^/]+\/)?package\.json$/.test(path)) return [];
  const { license, private: unpublished } = JSON.parse(text) as Record<string, unknown>;
  return [
    ...(license === 'MIT' ? [] : ['license is not MIT']),
    ...(unpublished === true ? [] : ['not private: it could be published by mistake']),
  ];
};

// Written in pieces, so that the rule does not find itself.
const unfinished = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`,
);
const home = new RegExp(`(?<![\\w.@~-])/(${['home', 'Users', 'root', 'work'].join('|')})/\\w`);

/** What no file of the house may hold. A test shows each of them a file that does. */
export const textRules: readonly TextRule[] = [
  { name: 'short-files', find: shortFiles },
  { name: 'licences', find: licences },
  { name: 'nothing-unfinished', find: lines(unfinished, isCode) },
  {
    name: 'no-banners',
    find: lines(/^\s*(\/\/|\/?\*+)\s*[-=*#~_─═━]{4,}|[-=*#~─═━]{6,}\s*(\*\/)?$/, isCode),
  },
  { name: 'no-home-paths', find: lines(home, () => true) },
  {
    name: 'no-false-casts',
    find: lines(/\bas (never|any)\b|\bas unknown as\b/, (path) => isCode(path) && !isTest(path)),
  },
  {
    name: 'no-registry-in-lock',
    find: lines(/"resolved":\s*"[a-z+]+:/, (path) => path === 'package-lock.json'),
  },
  {
    name: 'no-registry-in-settings',
    find: lines(/registry\s*=\s*\S*:\/\/|_auth|_password/, (path) => path === '.npmrc'),
  },
];

/** Every breach in `files`, as `rule: path: what`. */
export const breaches = (files: readonly SourceFile[]): readonly string[] =>
  textRules.flatMap(({ name, find }) =>
    files.flatMap((file) => find(file).map((what) => `${name}: ${file.path}: ${what}`)),
  );
