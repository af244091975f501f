"""What the add-on has stored, in a form in which two databases can be compared."""

import json

# Differ between two ways to the same result.
TIMES = {"computed_at", "recorded_at", "create_date", "write_date"}
TIMES |= {"create_uid", "write_uid"}
# The next contact is written with the clocks; what happened is answered after
# everything else.
TABLES = {
    "crm_lifecycle_profile": "SELECT to_jsonb(t) - 'next_contact_date', "
    "t.partner_id, t.company_id, t.id FROM crm_lifecycle_profile t",
    "crm_lifecycle_transition": "SELECT to_jsonb(t) - 'profile_id' - 'reacted_at', "
    "p.partner_id, p.company_id, t.id FROM crm_lifecycle_transition t "
    "JOIN crm_lifecycle_profile p ON p.id = t.profile_id",
    "crm_lifecycle_responsible": "SELECT to_jsonb(t) - 'profile_id', p.partner_id, "
    "p.company_id, t.id FROM crm_lifecycle_responsible t "
    "JOIN crm_lifecycle_profile p ON p.id = t.profile_id",
}
COMPANY = (
    "lifecycle_limits",
    "lifecycle_last_pass_date",
    "lifecycle_full_read_cause",
    "lifecycle_settle_asked",
    "lifecycle_pass_message",
)


def customers(environment, database):
    """``{(partner, company): {table: rows in order of writing}}``, without ids and
    times."""
    found = {}
    for table, query in TABLES.items():
        rows = environment.psql(database, f"{query} ORDER BY t.id")
        for row, partner, company, _id in rows:
            values = {k: v for k, v in row.items() if k not in TIMES | {"id"}}
            customer = found.setdefault((partner, company), {})
            customer.setdefault(table, []).append(json.dumps(values, sort_keys=True))
    return found


def clocks(environment, database):
    """``{(partner, company): next contact, clocks and ledger}``, without ids."""
    query = """
        SELECT p.partner_id, p.company_id, p.next_contact_date::text,
               (SELECT jsonb_agg(to_jsonb(s) - 'id' - 'last_touchpoint_id'
                                 || jsonb_build_object('source', t.source_id)
                                 ORDER BY s.rule_id)
                  FROM crm_cadence_status s
                  LEFT JOIN crm_touchpoint t ON t.id = s.last_touchpoint_id
                 WHERE s.profile_id = p.id),
               (SELECT jsonb_agg(to_jsonb(l) - 'id' - 'touchpoint_id'
                                 - 'corrected_at'
                                 || jsonb_build_object('source', t.source_id)
                                 ORDER BY l.rule_id, l.opening_date)
                  FROM crm_cadence_period l
                  LEFT JOIN crm_touchpoint t ON t.id = l.touchpoint_id
                 WHERE l.profile_id = p.id)
          FROM crm_lifecycle_profile p
    """
    rows = environment.psql(database, query)
    return {(partner, company): facts for partner, company, *facts in rows}


def companies(environment, database):
    """What the job keeps about each company, without times."""
    query = f"SELECT id, {', '.join(COMPANY)} FROM res_company ORDER BY id"
    rows = environment.psql(database, query)
    return [dict(zip(("id", *COMPANY), row, strict=True)) for row in rows]


def everything(environment, database):
    """All of it, the length of the queue, and who waits for an answer."""
    queue = environment.psql(database, "SELECT count(*) FROM crm_lifecycle_event")
    unanswered = environment.psql(
        database,
        "SELECT p.partner_id, t.date::text FROM crm_lifecycle_transition t "
        "JOIN crm_lifecycle_profile p ON p.id = t.profile_id "
        "WHERE t.reacted_at IS NULL ORDER BY 1, 2",
    )
    return {
        "unanswered": unanswered,
        "customers": customers(environment, database),
        "companies": companies(environment, database),
        "queue": queue[0][0],
    }


def differences(expected, found, limit=5):
    """Readable lines about customers that are not as expected."""
    lines = []
    for key in sorted(expected.keys() | found.keys()):
        wanted, stored = expected.get(key, {}), found.get(key, {})
        if wanted != stored:
            lines.append(f"{key}: {_difference(wanted, stored)}")
    return lines[:limit] + [f"{len(lines)} in all"] * (len(lines) > limit)


def _difference(wanted, stored):
    parts = []
    for table in sorted(wanted.keys() | stored.keys()):
        pair = [[json.loads(row) for row in x.get(table, [])] for x in (wanted, stored)]
        if len(pair[0]) != len(pair[1]):
            parts.append(f"{table}: {len(pair[0])} rows expected, {pair}")
            continue
        for want, have in zip(*pair, strict=True):
            names = [name for name in want if want[name] != have.get(name)]
            parts += [
                f"{table}.{name}: expected {want[name]}, found {have.get(name)}"
                for name in names
            ]
    return "; ".join(parts)
