import { type Routes, routes } from '@plexica/generated/plugins/plugin-crm';
import { tenantContext } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import type { ContactsService } from '../services/contacts.service.ts';

export async function contactsRoutes(app: FastifyInstance, contacts: ContactsService): Promise<void> {
  app.route<Routes['listContacts']>({
    ...routes.listContacts,
    async handler(request) {
      const { items, total } = contacts.list(tenantContext(request).tenantId, request.query);
      return { success: true, data: items, total };
    },
  });
}
