import type { ContactsService } from './services/contacts.service.ts';
import type { DealsService } from './services/deals.service.ts';
import type { ContactInput, DealInput } from './types/index.ts';

/** A deal whose contact is named by email address: ids are known only once the contacts are created. */
type DemoDeal = Omit<DealInput, 'contactId'> & { readonly contact: string };

interface DemoTenant {
  readonly contacts: readonly ContactInput[];
  readonly deals: readonly DemoDeal[];
}

/** Two tenants to try the plugin with: `demo`, with more than one small page of everything, and `acme`. */
const demoTenants: Readonly<Record<'demo' | 'acme', DemoTenant>> = {
  demo: {
    contacts: [
      {
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        phone: '+44 20 7946 0101',
        company: 'Analytical Engines',
      },
      { name: 'Charles Babbage', email: 'charles@example.com', company: 'Analytical Engines' },
      {
        name: 'Grace Hopper',
        email: 'grace@example.com',
        phone: '+1 202 555 0102',
        company: 'Flow Compilers',
      },
      { name: 'Alan Turing', email: 'alan@example.com', company: 'Bombe Works' },
      { name: 'Joan Clarke', email: 'joan@example.com', company: 'Bombe Works' },
      { name: 'Katherine Johnson', email: 'katherine@example.com', company: 'Orbit Computing' },
      { name: 'Margaret Hamilton', email: 'margaret@example.com', company: 'Orbit Computing' },
      { name: 'Dorothy Vaughan', email: 'dorothy@example.com', company: 'Orbit Computing' },
      { name: 'Edsger Dijkstra', email: 'edsger@example.com' },
      { name: 'Barbara Liskov', email: 'barbara@example.com', company: 'Abstract Types' },
      { name: 'Donald Knuth', email: 'donald@example.com' },
      {
        name: 'Radia Perlman',
        email: 'radia@example.com',
        phone: '+1 617 555 0112',
        company: 'Spanning Trees',
      },
    ],
    deals: [
      { title: 'Difference engine', contact: 'charles@example.com', amount: 1_700_000, stage: 'won' },
      { title: 'Analytical engine', contact: 'ada@example.com', amount: 4_200_000, stage: 'proposal' },
      {
        title: 'Compiler licences',
        contact: 'grace@example.com',
        amount: 960_000,
        currency: 'USD',
        stage: 'won',
      },
      {
        title: 'Rotor maintenance',
        contact: 'alan@example.com',
        amount: 350_000,
        currency: 'GBP',
        stage: 'qualified',
      },
      {
        title: 'Trajectory tables',
        contact: 'katherine@example.com',
        amount: 1_250_050,
        currency: 'USD',
        stage: 'lead',
      },
      {
        title: 'Flight software',
        contact: 'margaret@example.com',
        amount: 8_800_000,
        currency: 'USD',
        stage: 'proposal',
      },
      { title: 'Shortest paths workshop', contact: 'edsger@example.com', amount: 120_000, stage: 'lost' },
      { title: 'Network bridges', contact: 'radia@example.com', amount: 640_000, stage: 'lead' },
    ],
  },
  acme: {
    contacts: [
      { name: 'Wile Coyote', email: 'wile@acme.example', company: 'Canyon Research' },
      { name: 'Marvin Martian', email: 'marvin@acme.example', company: 'Canyon Research' },
      { name: 'Daffy Duck', email: 'daffy@acme.example' },
    ],
    deals: [
      { title: 'Rocket skates', contact: 'wile@acme.example', amount: 49_900, stage: 'won' },
      { title: 'Space modulator', contact: 'marvin@acme.example', amount: 199_900, stage: 'qualified' },
    ],
  },
};

export function addDemoData(contacts: ContactsService, deals: DealsService): void {
  for (const [tenantId, tenant] of Object.entries(demoTenants)) {
    const ids = new Map(
      tenant.contacts.map((input) => [input.email, contacts.create(tenantId, input).id] as const),
    );
    for (const { contact, ...input } of tenant.deals) {
      deals.create(tenantId, { ...input, contactId: ids.get(contact) ?? '' });
    }
  }
}
