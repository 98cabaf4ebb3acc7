import type { DatabaseSync } from 'node:sqlite';

/** Everything that the event store says to SQLite, prepared once. */
export function createStatements(database: DatabaseSync) {
  return {
    insert: database.prepare(
      `INSERT INTO events (source, id, audience, name, tenant, accepted_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    /** A lane in which everything is done begins anew: what its group did not want before does not count. */
    enterLane: database.prepare(
      `INSERT INTO lanes (grp, tenant, source, settled, latest) VALUES (?1, ?2, ?3, ?4 - 1, ?4)
       ON CONFLICT DO UPDATE SET
         settled = CASE WHEN latest <= settled THEN excluded.settled ELSE settled END,
         latest = max(latest, excluded.latest)`,
    ),
    /** Its own lanes a holder keeps by renewing them, late or not. */
    pendingLanes: database.prepare(
      `SELECT tenant, source, settled, head, head_claims FROM lanes
       WHERE grp = ? AND latest > settled AND held_until <= ? AND holder IS NOT ?
       ORDER BY held_until LIMIT ?`,
    ),
    /** The same for a stream that handles some of what its group wants: lanes whose next message is one of these. */
    pendingLanesFor: database.prepare(
      `SELECT tenant, source, settled, head, head_claims FROM lanes
       WHERE grp = ?1 AND latest > settled AND held_until <= ?2 AND holder IS NOT ?3 AND (
         SELECT name FROM events
         WHERE events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= lanes.latest
           AND events.audience IN ('', ?1) AND events.name IN (SELECT value FROM json_each(?5))
         ORDER BY seq LIMIT 1
       ) IN (SELECT value FROM json_each(?6))
       ORDER BY held_until LIMIT ?4`,
    ),
    hold: database.prepare(
      `UPDATE lanes SET holder = ?1, last_holder = ?1, held_until = ?, head = settled, head_claims = ?
       WHERE grp = ? AND tenant = ? AND source = ?`,
    ),
    readLane: database.prepare(
      `SELECT seq, name, body FROM events
       WHERE tenant = ? AND source = ? AND seq > ? AND seq <= ? AND audience IN ('', ?)
         AND name IN (SELECT value FROM json_each(?))
       ORDER BY seq LIMIT ?`,
    ),
    settle: database.prepare(
      `UPDATE lanes SET settled = max(settled, ?1)
       WHERE (tenant, source) = (SELECT tenant, source FROM events WHERE seq = ?1) AND grp = ?
         AND (last_holder = ? OR settled >= ?1)`,
    ),
    held: database.prepare(`SELECT tenant, source, settled, latest FROM lanes WHERE holder = ?`),
    /** Events that were forgotten, or that the group no longer wants, would keep its lane open for ever. */
    finish: database.prepare(
      `UPDATE lanes SET settled = latest
       WHERE grp = ?1 AND tenant = ? AND source = ? AND holder = ? AND NOT EXISTS (
         SELECT 1 FROM events
         WHERE events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= lanes.latest
           AND events.audience IN ('', ?1) AND events.name IN (SELECT value FROM json_each(?)))`,
    ),
    release: database.prepare(
      `UPDATE lanes SET holder = NULL, held_until = ?, head_claims = max(0, head_claims - ?)
       WHERE grp = ? AND tenant = ? AND source = ? AND holder = ?`,
    ),
    releaseAll: database.prepare(
      `UPDATE lanes SET holder = NULL, held_until = ?, head_claims = max(0, head_claims - ?) WHERE holder = ?`,
    ),
    forgive: database.prepare(
      `UPDATE lanes SET holder = NULL, last_holder = NULL, held_until = ?,
         head_claims = CASE WHEN head = settled THEN max(0, head_claims - 1) ELSE head_claims END
       WHERE grp = ? AND last_holder = ?`,
    ),
    openStream: database.prepare(`INSERT INTO streams (holder, grp, heard_at) VALUES (?, ?, ?)`),
    hear: database.prepare(`UPDATE streams SET heard_at = ? WHERE holder = ? AND grp = ?`),
    heardAt: database.prepare(`SELECT heard_at AS at FROM streams WHERE holder = ?`),
    closeStream: database.prepare(`DELETE FROM streams WHERE holder = ? AND grp = coalesce(?, grp)`),
    forgetStreams: database.prepare(`DELETE FROM streams WHERE heard_at < ?`),
    renew: database.prepare(`UPDATE lanes SET held_until = ? WHERE holder = ?`),
    keepLetter: database.prepare(
      `INSERT INTO dead_letters (seq, grp, source, id, name, tenant, body, reason, error, attempts, failed_at)
       SELECT seq, ?2, source, id, name, tenant, body, ?3, ?4, ?5, ?6 FROM events
       WHERE seq = ?1 AND audience IN ('', ?2) AND name IN (SELECT value FROM json_each(?7))
       ON CONFLICT DO UPDATE SET reason = excluded.reason, error = excluded.error,
         attempts = excluded.attempts, failed_at = excluded.failed_at`,
    ),
    letters: database.prepare(
      `SELECT seq, grp AS "group", body, reason, error, attempts, failed_at AS failedAt FROM dead_letters
       WHERE (?1 IS NULL OR grp = ?1) AND (seq, grp) > (?, ?) ORDER BY seq, grp LIMIT ?`,
    ),
    takeLetter: database.prepare(
      `DELETE FROM dead_letters WHERE seq = ? AND grp = ? RETURNING source, id, name, tenant, body`,
    ),
    removeReplay: database.prepare(`DELETE FROM events WHERE source = ? AND id = ? AND audience = ?`),
    tail: database.prepare(
      `SELECT seq, name, body FROM events WHERE seq > ? AND audience = '' ORDER BY seq LIMIT ?`,
    ),
    last: database.prepare(`SELECT coalesce(max(seq), 0) AS seq FROM events`),
    pending: database.prepare(
      `SELECT count(*) AS messages, min(accepted_at) AS oldest FROM (
         SELECT events.accepted_at FROM lanes JOIN events
           ON events.tenant = lanes.tenant AND events.source = lanes.source
           AND events.seq > lanes.settled AND events.seq <= lanes.latest
           AND events.audience IN ('', ?1) AND events.name IN (SELECT value FROM json_each(?))
         WHERE lanes.grp = ?1 AND lanes.latest > lanes.settled LIMIT ?)`,
    ),
    /** Of the oldest events the last one that may be forgotten. */
    lastOld: database.prepare(
      `SELECT max(seq) AS seq FROM (SELECT seq, accepted_at FROM events ORDER BY seq LIMIT ?) WHERE accepted_at < ?`,
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
      `UPDATE lanes SET settled = min(latest, ?1) WHERE latest > settled AND settled < ?1`,
    ),
    forgetLanes: database.prepare(
      `DELETE FROM lanes WHERE latest <= settled AND latest <= ? AND holder IS NULL`,
    ),
    letterBytes: database.prepare(`SELECT coalesce(sum(length(body)), 0) AS bytes FROM dead_letters`),
    usedBytes: database.prepare(
      `SELECT (page_count - freelist_count) * page_size AS bytes
       FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
    ),
    version: database.prepare('PRAGMA data_version'),
  };
}
