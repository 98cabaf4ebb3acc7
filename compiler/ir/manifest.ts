import type { PluginManifest, Workspace } from '@plexica/types';
import type { DocumentNode, ObjectNode } from './document.ts';
import type { SourceFile } from './source.ts';

/** A plugin.json that its schema accepts, with the schema files of its folder that it names. */
export interface Manifest {
  readonly file: SourceFile;
  readonly root: ObjectNode;
  readonly value: PluginManifest;
  /** By the `$ref` that names it, such as `./schemas/contact.json`. A file that could not be read is absent. */
  readonly schemaFiles: ReadonlyMap<string, SchemaFile>;
}

export interface SchemaFile {
  readonly file: SourceFile;
  readonly root: DocumentNode;
}

/** A plexica.yaml that its schema accepts. */
export interface WorkspaceFile {
  readonly file: SourceFile;
  readonly root: ObjectNode;
  /** With the variables of the environment put in; one without a value stays as `${NAME}`. */
  readonly value: Workspace;
}
