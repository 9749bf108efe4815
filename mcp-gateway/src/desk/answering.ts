import type { EventMetadata, NewId, Refusal } from '@sentinel/contracts/kernel';
import type { Request, RequestHandler, Response } from 'express';
import {
  cookieOf,
  type DeskVisitor,
  type DeskVisitors,
  type Humans,
  type OperatorSessions,
} from '../log-in/index.ts';
import { type Html, html } from '../page/index.ts';
import type { Sentinel } from '../sentinel.ts';
import { formPurpose, framed, type Page, pagePolicy, type Theme, themes } from './frame.ts';

export type DeskOptions = {
  /** Undefined until the house is ready. */
  readonly sentinel: () => Sentinel | undefined;
  readonly newId: NewId;
  /** With what digests of keys are made. */
  readonly pepper: string;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
  readonly onError: (error: unknown) => void;
  /** Whoever shows the operator's key at the desk. */
  readonly operator: OperatorSessions;
  /** Everybody who is known at the desk, the operator among them. */
  readonly visitors: DeskVisitors;
  /** Where people log in by themselves; undefined where nobody does. */
  readonly humans?: Humans | undefined;
};

export const themeCookie = 'sentinel-theme';

/** A form as it was sent: one text for each field, or several. */
export type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

export type Visit = {
  readonly request: Request;
  readonly response: Response;
  readonly house: Sentinel;
  readonly visitor: DeskVisitor;
  readonly form: Form;
};

export const themeOf = (request: Request): Theme =>
  themes.find((each) => each === cookieOf(request, themeCookie)) ?? 'auto';

type Shown = Pick<Page, 'title' | 'main' | 'script'> & {
  readonly visitor?: DeskVisitor;
  readonly status?: number;
};

export const send = (
  { request, response }: Pick<Visit, 'request' | 'response'>,
  { status = 200, visitor, ...page }: Shown,
): void => {
  const text = framed({ ...page, visitor, path: request.path, theme: themeOf(request) });
  response
    .status(status)
    .set('Content-Security-Policy', pagePolicy)
    // Where no referrer is sent at all, a browser sends the forms of this page as if from nowhere.
    .set('Referrer-Policy', 'same-origin')
    .type('html')
    .send(text);
};

/** What a person reads who is refused. */
export const refusalOf = ({ message, remedy }: Refusal): Html =>
  html`<p role="alert" class="alert">Not done: ${message} ${remedy}</p>`;

const trouble = (what: string): Html => html`<p role="alert" class="alert">${what}</p>`;

/** Who does what is done at the desk, as the log keeps it. */
export const deskMetadata = (
  { by }: DeskVisitor,
  { newId }: Pick<DeskOptions, 'newId'>,
): EventMetadata => {
  const correlationId = newId();
  const { principal } = by;
  return { principal, client: 'desk', tool: 'desk', correlationId, causationId: correlationId };
};

const formOf = (body: unknown): Form =>
  typeof body === 'object' && body !== null ? (body as Form) : {};

/**
 * Serves only who is known at the desk, and only once the house is ready. What changes something must bring
 * the token of the visitor's own page.
 */
export const forVisitor =
  (options: DeskOptions) =>
  (serve: (visit: Visit) => Promise<void>): RequestHandler =>
  async (request, response) => {
    const at = { request, response };
    try {
      const visitor = await options.visitors.of(request);
      const changes = request.method !== 'GET';
      if (visitor === undefined) {
        const back = changes ? '' : `?back=${encodeURIComponent(request.path)}`;
        return response.redirect(303, `/desk/log-in${back}`);
      }
      const form = formOf(request.body);
      if (changes && !visitor.tookForm(formPurpose, form.form_token)) {
        const main = trouble(
          'This form was not sent from your own page. Open the page and try again.',
        );
        return send(at, { status: 403, title: 'Not done', main, visitor });
      }
      const house = options.sentinel();
      if (house === undefined) {
        const main = trouble('Sentinel is still starting. Try again in a few seconds.');
        return send(at, { status: 503, title: 'Not ready', main, visitor });
      }
      return await serve({ ...at, house, visitor, form });
    } catch (error) {
      options.onError(error);
      if (response.headersSent) return void response.destroy();
      const main = trouble(
        'Something that is needed did not answer. Whether it took effect is not known: look before you repeat it.',
      );
      return send(at, { status: 503, title: 'This did not work', main });
    }
  };
