import { type Routes, routes } from '@plexica/generated/plugins/plugin-crm';
import { tenantContext } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import type { ContactsService } from '../services/contacts.service.ts';

export function contactsRoutes(app: FastifyInstance, contacts: ContactsService): void {
  app.route<Routes['listContacts']>({
    ...routes.listContacts,
    handler: async (request) => {
      const { items, total } = contacts.list(tenantContext(request).tenantId, request.query);
      return { success: true, data: items, total };
    },
  });

  app.route<Routes['getContact']>({
    ...routes.getContact,
    handler: async (request) => ({
      success: true,
      data: contacts.get(tenantContext(request).tenantId, request.params.id),
    }),
  });

  app.route<Routes['createContact']>({
    ...routes.createContact,
    handler: async (request, reply) => {
      reply.status(201);
      return { success: true, data: contacts.create(tenantContext(request).tenantId, request.body) };
    },
  });

  app.route<Routes['updateContact']>({
    ...routes.updateContact,
    handler: async (request) => ({
      success: true,
      data: contacts.update(tenantContext(request).tenantId, request.params.id, request.body),
    }),
  });

  app.route<Routes['deleteContact']>({
    ...routes.deleteContact,
    handler: async (request) => {
      contacts.delete(tenantContext(request).tenantId, request.params.id);
      return { success: true, message: 'contact deleted' };
    },
  });
}
