import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * The last contact over each channel, as icon and day; the channels that the rule asks
 * for are bold. What it shows comes formatted from the server.
 */
export class LastContactsField extends Component {
    static template = "crm_lifecycle.LastContactsField";
    static props = {...standardFieldProps};

    get contacts() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const lastContactsField = {
    component: LastContactsField,
    supportedTypes: ["json"],
};

registry.category("fields").add("crm_lifecycle_last_contacts", lastContactsField);
