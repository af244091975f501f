import {Component} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * The last contact over each channel, as icon and day; the channels that the rule asks
 * for are bold.
 */
export class LastContactsField extends Component {
    static template = "crm_lifecycle.LastContactsField";
    static props = {...standardFieldProps};

    get contacts() {
        const contacts = this.props.record.data[this.props.name] || [];
        return contacts.map((contact) => ({
            ...contact,
            text: formatDate(deserializeDate(contact.day)),
        }));
    }
}

export const lastContactsField = {
    component: LastContactsField,
    supportedTypes: ["json"],
};

registry.category("fields").add("crm_lifecycle_last_contacts", lastContactsField);
