"""What a database consists of besides its data: tables, and Odoo's own records."""

from collections import Counter

from psycopg2 import sql

# What PostgreSQL knows, one query each; every row is compared as a whole.
SCHEMA = {
    "tables": "SELECT relname, relkind::text, reloptions::text FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = 'public' AND relkind <> 'i'",
    "columns": "SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, "
    "pg_get_expr(adbin, adrelid) FROM pg_attribute a "
    "JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace "
    "LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum "
    "WHERE nspname = 'public' AND attnum > 0 AND NOT attisdropped",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes "
    "WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, "
    "pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "functions": "SELECT proname, pg_get_function_arguments(oid) FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
    "WHERE NOT tgisinternal",
}
# Odoo's records by what names them; ids differ after another installation.
RECORDS = {
    "models": "SELECT model, name->>'en_US', state FROM ir_model",
    "fields": "SELECT model, name, ttype, relation, store, state FROM ir_model_fields",
    "selections": "SELECT f.model, f.name, s.value FROM ir_model_fields_selection s "
    "JOIN ir_model_fields f ON f.id = s.field_id",
    # Odoo writes the row of a foreign key again while it deletes the key's field.
    "model constraints": "SELECT c.name, m.model, c.type FROM ir_model_constraint c "
    "JOIN ir_model m ON m.id = c.model WHERE c.type <> 'f'",
    "relations": "SELECT r.name, m.model FROM ir_model_relation r "
    "JOIN ir_model m ON m.id = r.model",
    "inheritance": "SELECT m.model, p.model FROM ir_model_inherit i "
    "JOIN ir_model m ON m.id = i.model_id JOIN ir_model p ON p.id = i.parent_id",
    # Those of modules as such come and go with the list of add-ons on the disk.
    "external ids": "SELECT module, name, model FROM ir_model_data "
    "WHERE NOT (module = 'base' AND model = 'ir.module.module')",
    "jobs": "SELECT cron_name, interval_number, interval_type FROM ir_cron",
    "server actions": "SELECT name->>'en_US', state, code FROM ir_act_server",
    "actions": "SELECT name->>'en_US', type, path FROM ir_actions",
    "windows": "SELECT name->>'en_US', res_model, view_mode FROM ir_act_window",
    "window views": "SELECT a.res_model, a.name->>'en_US', v.view_mode "
    "FROM ir_act_window_view v LEFT JOIN ir_act_window a ON a.id = v.act_window_id",
    # The numbers of actions behind buttons are new at every installation.
    "views": "SELECT name, model, type, mode, priority, active, "
    r"""regexp_replace(arch_db->>'en_US', 'name=["''][0-9]+["'']', 'name', 'g') """
    "FROM ir_ui_view",
    "menus": "SELECT m.name->>'en_US', p.name->>'en_US', m.sequence, m.active "
    "FROM ir_ui_menu m LEFT JOIN ir_ui_menu p ON p.id = m.parent_id",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
    "implied groups": "SELECT g.name->>'en_US', h.name->>'en_US' "
    "FROM res_groups_implied_rel r JOIN res_groups g ON g.id = r.gid "
    "JOIN res_groups h ON h.id = r.hid",
    "memberships": "SELECT u.login, g.name->>'en_US' FROM res_groups_users_rel r "
    "JOIN res_users u ON u.id = r.uid JOIN res_groups g ON g.id = r.gid",
    "access": "SELECT a.name, m.model FROM ir_model_access a "
    "JOIN ir_model m ON m.id = a.model_id",
    "rules": "SELECT r.name, m.model, r.domain_force FROM ir_rule r "
    "JOIN ir_model m ON m.id = r.model_id",
    "parameters": "SELECT key, value FROM ir_config_parameter "
    "WHERE key NOT LIKE 'database.%'",
    "defaults": "SELECT f.model, f.name, d.json_value FROM ir_default d "
    "JOIN ir_model_fields f ON f.id = d.field_id",
    "mail templates": "SELECT name->>'en_US', model FROM mail_template",
    "digests": "SELECT name->>'en_US', state FROM digest_digest",
    "digest tips": "SELECT name->>'en_US' FROM digest_tip",
    "activity types": "SELECT name->>'en_US', res_model, active "
    "FROM mail_activity_type",
    "message subtypes": "SELECT name->>'en_US', res_model FROM mail_message_subtype",
    "sequences": "SELECT code, name FROM ir_sequence",
    "assets": "SELECT name, bundle, path FROM ir_asset",
    "filters": "SELECT name, model_id FROM ir_filters",
    "exports": "SELECT name, resource FROM ir_exports",
    "tours": "SELECT name FROM web_tour_tour",
    "pipeline stages": "SELECT name->>'en_US', is_won FROM crm_stage",
    "installed": "SELECT name FROM ir_module_module WHERE state <> 'uninstalled'",
}
# Rows of Odoo's tables that point to a record by the name of its model.
POINTERS = {
    "ir_attachment": "res_model",
    "mail_message": "model",
    "mail_followers": "res_model",
    "mail_activity": "res_model",
}


def snapshot(environment, database):
    """``{title: sorted rows}`` of one database."""
    queries = SCHEMA | RECORDS
    return {
        title: sorted(environment.psql(database, query), key=repr)
        for title, query in queries.items()
    }


def pointers(environment, database, prefix="crm.lifecycle"):
    """Rows of Odoo's tables about records of models that begin like this."""
    found = {}
    for table, column in POINTERS.items():
        query = sql.SQL("SELECT count(*) FROM {} WHERE {} LIKE %s").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        found[table] = environment.psql(database, query, [f"{prefix}%"])[0][0]
    return {table: count for table, count in found.items() if count}


def differences(before, after):
    """Readable lines for what was left behind and what got lost."""
    lines = []
    for title, rows in before.items():
        old, new = list(map(repr, rows)), list(map(repr, after[title]))
        lines += [f"{title}: lost {row[:300]}" for row in _without(old, new)]
        lines += [f"{title}: left behind {row[:300]}" for row in _without(new, old)]
    return lines


def _without(rows, others):
    """Rows that are there more often than among the others."""
    return list((Counter(rows) - Counter(others)).elements())
