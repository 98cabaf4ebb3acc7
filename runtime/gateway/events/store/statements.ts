import type { DatabaseSync } from 'node:sqlite';

/**
 * Everything that the event store says to SQLite, prepared once. What is more than one value has names: Node.js 22 gives
 * no value to a numbered parameter (`?1`).
 */
export function createStatements(database: DatabaseSync) {
  return {
    insert: database.prepare(
      `INSERT INTO events (source, id, audience, name, tenant, accepted_at, body)
       VALUES ($source, $id, $audience, $name, $tenant, $now, $body)
       ON CONFLICT DO NOTHING`,
    ),
    /** A lane in which everything is done begins anew: what its group did not want before does not count. */
    enterLane: database.prepare(
      `INSERT INTO lanes (grp, tenant, source, settled, latest) VALUES ($group, $tenant, $source, $seq - 1, $seq)
       ON CONFLICT DO UPDATE SET
         settled = CASE WHEN latest <= settled THEN excluded.settled ELSE settled END,
         latest = max(latest, excluded.latest)`,
    ),
    /** Its own lanes a holder keeps by renewing them, late or not. */
    pendingLanes: database.prepare(
      `SELECT tenant, source, settled, head, head_claims FROM lanes
       WHERE grp = $group AND latest > settled AND held_until <= $now AND holder IS NOT $holder
       ORDER BY held_until LIMIT $most`,
    ),
    /** The same for a stream that handles some of what its group wants: lanes whose next message is one of these. */
    pendingLanesFor: database.prepare(
      `SELECT tenant, source, settled, head, head_claims FROM lanes
       WHERE grp = $group AND latest > settled AND held_until <= $now AND holder IS NOT $holder AND (
         SELECT name FROM events
         WHERE events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= lanes.latest
           AND events.audience IN ('', $group) AND events.name IN (SELECT value FROM json_each($wanted))
         ORDER BY seq LIMIT 1
       ) IN (SELECT value FROM json_each($handled))
       ORDER BY held_until LIMIT $most`,
    ),
    hold: database.prepare(
      `UPDATE lanes SET holder = $holder, last_holder = $holder, held_until = $until, head = settled, head_claims = $claims
       WHERE grp = $group AND tenant = $tenant AND source = $source`,
    ),
    readLane: database.prepare(
      `SELECT seq, name, body FROM events
       WHERE tenant = $tenant AND source = $source AND seq > $after AND seq <= $upTo AND audience IN ('', $group)
         AND name IN (SELECT value FROM json_each($names))
       ORDER BY seq LIMIT $most`,
    ),
    settle: database.prepare(
      `UPDATE lanes SET settled = max(settled, $seq)
       WHERE (tenant, source) = (SELECT tenant, source FROM events WHERE seq = $seq) AND grp = $group
         AND (last_holder = $holder OR settled >= $seq)`,
    ),
    held: database.prepare(`SELECT tenant, source, settled, latest FROM lanes WHERE holder = ?`),
    /** Events that were forgotten, or that the group no longer wants, would keep its lane open for ever. */
    finish: database.prepare(
      `UPDATE lanes SET settled = latest
       WHERE grp = $group AND tenant = $tenant AND source = $source AND holder = $holder AND NOT EXISTS (
         SELECT 1 FROM events
         WHERE events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= lanes.latest
           AND events.audience IN ('', $group) AND events.name IN (SELECT value FROM json_each($names)))`,
    ),
    release: database.prepare(
      `UPDATE lanes SET holder = NULL, held_until = $now, head_claims = max(0, head_claims - $uncounted)
       WHERE grp = $group AND tenant = $tenant AND source = $source AND holder = $holder`,
    ),
    releaseAll: database.prepare(
      `UPDATE lanes SET holder = NULL, held_until = $now, head_claims = max(0, head_claims - $uncounted)
       WHERE holder = $holder`,
    ),
    forgive: database.prepare(
      `UPDATE lanes SET holder = NULL, last_holder = NULL, held_until = $now,
         head_claims = CASE WHEN head = settled THEN max(0, head_claims - 1) ELSE head_claims END
       WHERE grp = $group AND last_holder = $holder`,
    ),
    openStream: database.prepare(
      `INSERT INTO streams (holder, grp, heard_at) VALUES ($holder, $group, $now)`,
    ),
    hear: database.prepare(`UPDATE streams SET heard_at = $now WHERE holder = $holder AND grp = $group`),
    heardAt: database.prepare(`SELECT heard_at AS at FROM streams WHERE holder = ?`),
    closeStream: database.prepare(
      `DELETE FROM streams WHERE holder = $holder AND grp = coalesce($group, grp)`,
    ),
    forgetStreams: database.prepare(`DELETE FROM streams WHERE heard_at < ?`),
    renew: database.prepare(`UPDATE lanes SET held_until = $until WHERE holder = $holder`),
    keepLetter: database.prepare(
      `INSERT INTO dead_letters (seq, grp, source, id, name, tenant, body, reason, error, attempts, failed_at)
       SELECT seq, $group, source, id, name, tenant, body, $reason, $error, $attempts, $failedAt FROM events
       WHERE seq = $seq AND audience IN ('', $group) AND name IN (SELECT value FROM json_each($names))
       ON CONFLICT DO UPDATE SET reason = excluded.reason, error = excluded.error,
         attempts = excluded.attempts, failed_at = excluded.failed_at`,
    ),
    letters: database.prepare(
      `SELECT seq, grp AS "group", body, reason, error, attempts, failed_at AS failedAt FROM dead_letters
       WHERE ($group IS NULL OR grp = $group) AND (seq, grp) > ($afterSeq, $afterGroup) ORDER BY seq, grp LIMIT $most`,
    ),
    takeLetter: database.prepare(
      `DELETE FROM dead_letters WHERE seq = $seq AND grp = $group RETURNING source, id, name, tenant, body`,
    ),
    removeReplay: database.prepare(
      `DELETE FROM events WHERE source = $source AND id = $id AND audience = $group`,
    ),
    tail: database.prepare(
      `SELECT seq, name, body FROM events WHERE seq > $after AND audience = '' ORDER BY seq LIMIT $most`,
    ),
    last: database.prepare(`SELECT coalesce(max(seq), 0) AS seq FROM events`),
    countPending: database.prepare(
      `SELECT count(*) AS messages FROM (
         SELECT 1 FROM lanes JOIN events
           ON events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= lanes.latest
           AND events.audience IN ('', $group) AND events.name IN (SELECT value FROM json_each($names))
         WHERE lanes.grp = $group AND lanes.latest > lanes.settled LIMIT $most)`,
    ),
    /** The first one of each lane is the oldest there. */
    oldestPending: database.prepare(
      `SELECT min(accepted_at) AS at FROM (
         SELECT (
           SELECT events.accepted_at FROM events
           WHERE events.tenant = lanes.tenant AND events.source = lanes.source
             AND events.seq > lanes.settled AND events.seq <= lanes.latest
             AND events.audience IN ('', $group) AND events.name IN (SELECT value FROM json_each($names))
           ORDER BY seq LIMIT 1
         ) AS accepted_at FROM lanes WHERE grp = $group AND latest > settled)`,
    ),
    countLetters: database.prepare(
      `SELECT grp AS "group", count(*) AS letters FROM dead_letters GROUP BY grp`,
    ),
    /** Of the oldest events the last one that may be forgotten. */
    lastOld: database.prepare(
      `SELECT max(seq) AS seq FROM (SELECT seq, accepted_at FROM events ORDER BY seq LIMIT $most)
       WHERE accepted_at < $before`,
    ),
    lastOfOldest: database.prepare(
      `SELECT max(seq) AS seq FROM (SELECT seq FROM events ORDER BY seq LIMIT ?)`,
    ),
    /** Groups that have not settled everything up to a position. */
    behind: database.prepare(
      `SELECT DISTINCT grp AS "group" FROM lanes WHERE latest > settled AND EXISTS (
         SELECT 1 FROM events WHERE events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= min(lanes.latest, ?) AND events.audience IN ('', lanes.grp))`,
    ),
    forgetEvents: database.prepare(`DELETE FROM events WHERE seq <= ?`),
    moveLanes: database.prepare(
      `UPDATE lanes SET settled = min(latest, $upTo) WHERE latest > settled AND settled < $upTo`,
    ),
    forgetLanes: database.prepare(
      `DELETE FROM lanes WHERE latest <= settled AND latest <= ? AND holder IS NULL`,
    ),
    /** Of whole pages, as they are taken: a row is more than its payload. */
    letterBytes: database.prepare(
      `SELECT sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE AND name IN ('dead_letters', 'dead_letters_group')`,
    ),
    usedBytes: database.prepare(
      `SELECT (page_count - freelist_count) * page_size AS bytes
       FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
    ),
    version: database.prepare('PRAGMA data_version'),
  };
}
